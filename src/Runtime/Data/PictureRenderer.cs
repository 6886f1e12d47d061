namespace SparseSharp.Data;

/// <summary>
/// Draws small colour pictures: a background of two colours mixed by a smooth texture and stripes, small discs, the shape of the class, a bar
/// that may hide a part of it, and noise. One instance per thread. Only operations that IEEE 754 defines exactly are used, so pictures are
/// the same on every machine.
/// </summary>
internal sealed class PictureRenderer(int size)
{
    /// <summary>First of the streams of random numbers; images of other kinds have those before.</summary>
    public const uint FirstStream = 16;

    /// <summary>Streams that are used.</summary>
    public const uint Streams = 4;

    private const int Colours = 3;

    /// <summary>Cells of the texture along a side.</summary>
    private const int Cells = 4;

    private readonly float[] _mix = new float[size * size];
    private readonly float[] _picture = new float[Colours * size * size];
    private readonly float[] _texture = new float[(Cells + 1) * (Cells + 1)];

    private enum Stream : uint
    {
        Background = FirstStream,
        Shape,
        Clutter,
        Noise,
    }

    private int Plane => size * size;

    /// <summary>Draws a picture.</summary>
    /// <param name="shape">Number of its class.</param>
    /// <param name="seed">Seed of the pictures.</param>
    /// <param name="index">Number of the picture.</param>
    /// <param name="values">Receives red, green and blue, each row by row.</param>
    public void Draw(int shape, ulong seed, int index, Span<byte> values)
    {
        var ground = DrawBackground(new SyntheticSource(seed, index, (uint)Stream.Background));
        var clutter = new SyntheticSource(seed, index, (uint)Stream.Clutter);
        for (var discs = (int)(clutter.Next() * 3); discs > 0; discs--)
            DrawSpot(ref clutter);
        DrawShape(shape, ground, new SyntheticSource(seed, index, (uint)Stream.Shape));
        if (clutter.Next() < 0.4f)
            DrawBar(ref clutter);
        Finish(values, clutter.Next(0.01f, 0.07f), new SyntheticSource(seed, index, (uint)Stream.Noise));
    }

    /// <summary>Fills the picture; returns the mean colour.</summary>
    private Colour DrawBackground(SyntheticSource random)
    {
        var first = Colour.Random(ref random);
        var second = first.Towards(Colour.Random(ref random), random.Next(0.1f, 0.5f));
        foreach (ref var value in _texture.AsSpan())
            value = random.Next();
        var (turn, period, phase, strength) = (Turn.Random(ref random), random.Next(4, 14), random.Next(), random.Next(0, 0.7f));
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var wave = ((turn.Cos * x) + (turn.Sin * y)) / period + phase;
                var stripe = MathF.Abs((2 * (wave - MathF.Floor(wave))) - 1);
                var texture = Texture(x, y);
                _mix[(y * size) + x] = texture + (strength * (stripe - texture));
            }
        }
        for (var channel = 0; channel < Colours; channel++)
            _picture.AsSpan(channel * Plane, Plane).Fill(first.Channel(channel));
        Blend(second, 0, Plane);
        return first.Towards(second, 0.5f);
    }

    /// <summary>The smooth texture at a pixel, between 0 and 1.</summary>
    private float Texture(int x, int y)
    {
        var (u, v) = ((float)x * Cells / size, (float)y * Cells / size);
        var (column, row) = ((int)u, (int)v);
        var (right, down) = (u - column, v - row);
        var place = (row * (Cells + 1)) + column;
        var top = _texture[place] + (right * (_texture[place + 1] - _texture[place]));
        var bottom = _texture[place + Cells + 1] + (right * (_texture[place + Cells + 2] - _texture[place + Cells + 1]));
        return top + (down * (bottom - top));
    }

    private void DrawSpot(ref SyntheticSource random)
    {
        var (x, y, radius) = (random.Next(0, size), random.Next(0, size), random.Next(1.5f, 4));
        Cover(Colour.Random(ref random), x, y, radius, radius, Turn.None, Outlines.Disc);
    }

    private void DrawShape(int shape, Colour ground, SyntheticSource random)
    {
        var radius = random.Next(8, 13);
        var spread = 0.7f * ((size / 2f) - (0.8f * radius));
        var (x, y) = ((size / 2f) + random.Spread(spread), (size / 2f) + random.Spread(spread));
        // As often brighter as darker than what is behind it.
        var colour = Colour.Random(ref random).AwayFrom(ground, 0.3f);
        Cover(colour, x, y, radius, radius * random.Next(0.8f, 1.25f), Turn.Tilt(ref random), Outlines.All[shape]);
    }

    private void DrawBar(ref SyntheticSource random)
    {
        var (x, y) = ((size / 2f) + random.Spread(8), (size / 2f) + random.Spread(8));
        Cover(Colour.Random(ref random), x, y, random.Next(1, 2.5f), 2 * size, Turn.Random(ref random), Outlines.Box);
    }

    /// <summary>Paints a shape over what is there.</summary>
    /// <param name="colour">Its colour.</param>
    /// <param name="centerX">Its centre, in pixels.</param>
    /// <param name="centerY">See there.</param>
    /// <param name="width">What is 1 across in its outline, in pixels.</param>
    /// <param name="height">What is 1 down in its outline, in pixels.</param>
    /// <param name="turn">Its rotation.</param>
    /// <param name="outline">Distance to its border, negative inside.</param>
    private void Cover(Colour colour, float centerX, float centerY, float width, float height, Turn turn, Outline outline)
    {
        // The corner of a square is 1.42 from its centre, and the edge is a pixel wide.
        var reach = (1.6f * Math.Max(width, height)) + 1;
        var (top, bottom) = (Math.Max(0, (int)(centerY - reach)), Math.Min(size - 1, (int)(centerY + reach)));
        var (left, right) = (Math.Max(0, (int)(centerX - reach)), Math.Min(size - 1, (int)(centerX + reach)));
        var scale = Math.Min(width, height);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (dx, dy) = (x + 0.5f - centerX, y + 0.5f - centerY);
                var (across, down) = ((turn.Cos * dx) + (turn.Sin * dy), (turn.Cos * dy) - (turn.Sin * dx));
                _mix[(y * size) + x] = Math.Clamp(0.5f - (scale * outline(across / width, down / height)), 0, 1);
            }
            if (left <= right)
                Blend(colour, (y * size) + left, right - left + 1);
        }
    }

    /// <summary>Mixes a colour into pixels, each by its share.</summary>
    private void Blend(Colour colour, int first, int count)
    {
        for (var channel = 0; channel < Colours; channel++)
        {
            var target = _picture.AsSpan((channel * Plane) + first, count);
            var value = colour.Channel(channel);
            for (var i = 0; i < target.Length; i++)
                target[i] += _mix[first + i] * (value - target[i]);
        }
    }

    /// <summary>Adds noise, the sum of two uniform bytes each, and rounds.</summary>
    private void Finish(Span<byte> values, float noise, SyntheticSource random)
    {
        const float mean = 2 * 127.5f;
        const float deviation = 104.5f;
        var scale = 255 * noise / deviation;
        for (var i = 0; i < values.Length; i += 2)
        {
            var word = random.Word();
            values[i] = Round((255 * _picture[i]) + (scale * ((word & 255) + (word >> 8 & 255) - mean)));
            values[i + 1] = Round((255 * _picture[i + 1]) + (scale * ((word >> 16 & 255) + (word >> 24) - mean)));
        }

        static byte Round(float value) => (byte)(Math.Clamp(value, 0, 255) + 0.5f);
    }

    /// <summary>Red, green and blue from 0 to 1.</summary>
    private readonly record struct Colour(float Red, float Green, float Blue)
    {
        public static Colour Random(ref SyntheticSource random) => new(random.Next(), random.Next(), random.Next());

        public float Channel(int channel) => channel switch { 0 => Red, 1 => Green, _ => Blue };

        public Colour Towards(Colour other, float share) => new(
            Red + (share * (other.Red - Red)), Green + (share * (other.Green - Green)), Blue + (share * (other.Blue - Blue)));

        /// <summary>The colour, moved away from another one in each channel until it is a distance from it.</summary>
        public Colour AwayFrom(Colour other, float distance) => new(
            Away(Red, other.Red, distance), Away(Green, other.Green, distance), Away(Blue, other.Blue, distance));

        /// <summary>Where the other side has no room, the value goes to this one.</summary>
        private static float Away(float value, float other, float distance) =>
            MathF.Abs(value - other) >= distance ? value
            : (value >= other && other + distance <= 1) || other - distance < 0 ? other + distance
            : other - distance;
    }

    /// <summary>A rotation, as cosine and sine.</summary>
    private readonly record struct Turn(float Cos, float Sin)
    {
        public static Turn None { get; } = new(1, 0);

        /// <summary>Any rotation of something that is the same upside down.</summary>
        public static Turn Random(ref SyntheticSource random) => Of(random.Spread(1));

        /// <summary>A rotation by 60 degrees at most.</summary>
        public static Turn Tilt(ref SyntheticSource random) => Of(random.Spread(0.577f));

        /// <summary>
        /// The rotation by an angle. Half its tangent gives sine and cosine without a library function, which would differ between machines.
        /// </summary>
        private static Turn Of(float half) => new((1 - (half * half)) / (1 + (half * half)), 2 * half / (1 + (half * half)));
    }
}
