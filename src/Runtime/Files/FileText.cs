using System.Globalization;
using System.Text;

namespace SparseSharp.Files;

/// <summary>Texts of a file in messages: one line of readable length, whatever the file holds.</summary>
internal static class FileText
{
    /// <summary>Characters of a message, without the name of the file.</summary>
    public const int LongestMessage = 400;

    /// <summary>Characters of a name within a message.</summary>
    public const int LongestName = 80;

    /// <summary>A message that begins with the name of the file.</summary>
    public static string Message(string source, string fault) => $"{OneLine(source, int.MaxValue)}: {OneLine(fault, LongestMessage)}";

    /// <summary>A name, cut where it is long.</summary>
    public static string Name(string name) => OneLine(name, LongestName);

    /// <summary>A text without control characters, which are written as <c>\u000a</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">Characters after which it is cut.</param>
    public static string OneLine(string text, int longest)
    {
        if (text.Length <= longest && !text.Any(MustEscape))
            return text;
        var line = new StringBuilder(Math.Min(text.Length, longest) + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            var next = isPair ? text.Substring(i++, 2) : MustEscape(text[i]) ? $"\\u{(int)text[i]:x4}" : text[i].ToString();
            if (line.Length + next.Length > longest - 1)
                return line.Append('…').ToString();
            line.Append(next);
        }
        return line.ToString();
    }

    /// <summary>What would break a line, hide text or turn its direction; a surrogate alone is no character.</summary>
    private static bool MustEscape(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
