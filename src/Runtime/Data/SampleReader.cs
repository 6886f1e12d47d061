using SparseSharp.Files;

namespace SparseSharp.Data;

/// <summary>
/// Reads images and applies their transforms; one instance per thread. Nothing is allocated once its buffers have grown, but what the
/// source allocates.
/// </summary>
internal sealed class SampleReader
{
    private readonly TransformContext _context = new();
    private ImageBuffer _image = new();
    private ImageBuffer _next = new();

    /// <summary>Reads one image of a view.</summary>
    /// <param name="view">The images.</param>
    /// <param name="sample">Its number in the view.</param>
    /// <param name="seed">Of the random numbers, with the epoch and the image's number in its source.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="augmentation">Which of several augmentations of the image.</param>
    /// <param name="features">Receives its values.</param>
    public void Read(ImageView view, int sample, ulong seed, int epoch, int augmentation, Span<float> features)
    {
        var number = view.Numbers.Span[sample];
        view.Source.Read(number, _image);
        _context.Begin(seed, epoch, number, augmentation);
        var last = view.Transforms.Length - 1;
        for (var place = 0; place < last; place++)
            Apply(view, number, place);
        var shape = last < 0 ? _image.Shape : ResultShape(view, number, last);
        if (shape != view.Shape)
        {
            throw new DataFileException(FileText.Message(
                view.Source.NameOf(number),
                $"the image has the shape {shape} after its transforms, but the first one has {view.Shape}; a crop or a Resize makes all equal."));
        }
        if (last < 0)
        {
            _image.Values.CopyTo(features);
            return;
        }
        _context.Enter(last);
        view.Transforms[last].Apply(_image.Shape, _image.Values, features, _context);
    }

    private void Apply(ImageView view, int number, int place)
    {
        var target = _next.Resize(ResultShape(view, number, place));
        _context.Enter(place);
        view.Transforms[place].Apply(_image.Shape, _image.Values, target, _context);
        (_image, _next) = (_next, _image);
    }

    private ImageShape ResultShape(ImageView view, int number, int place)
    {
        try
        {
            return view.Transforms[place].ResultShape(_image.Shape);
        }
        catch (ArgumentException error)
        {
            throw new DataFileException(FileText.Message(view.Source.NameOf(number), error.Message), error);
        }
    }
}
