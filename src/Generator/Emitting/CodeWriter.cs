using System.Globalization;
using System.Text;

namespace SparseSharp.Generator.Emitting;

/// <summary>Text with indentation, <c>\n</c> line ends and disposable blocks.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>One line; empty lines carry no indentation.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _indent * 4).Append(line);
        _text.Append('\n');
    }

    /// <summary>Several lines, given with any line ends.</summary>
    public void Lines(string lines)
    {
        foreach (var line in lines.Split('\n'))
            Line(line.TrimEnd('\r'));
    }

    /// <summary>A header line (none if empty) and a brace; the block closes when the result is disposed.</summary>
    public Closing Block(string header, string end = "}")
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        _indent++;
        return new Closing(this, end);
    }

    /// <summary>Deeper lines without braces, for the arguments of a long call.</summary>
    public Closing Indent()
    {
        _indent++;
        return new Closing(this, "");
    }

    public override string ToString() => _text.ToString();

    /// <summary>A float as source text that compiles to the same bits.</summary>
    public static string Float(float value) =>
        float.IsNaN(value) ? "float.NaN"
        : float.IsPositiveInfinity(value) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(value) ? "float.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "f";

    internal readonly struct Closing(CodeWriter writer, string end) : IDisposable
    {
        /// <summary>Does nothing where no block was opened.</summary>
        public void Dispose()
        {
            if (writer is null)
                return;
            writer._indent--;
            if (end.Length > 0)
                writer.Line(end);
        }
    }
}
