using System.Text;

namespace SparseSharp.Kernels;

/// <summary>Property paths as tensor names: <c>First.OutProj</c> becomes <c>first.out_proj</c>.</summary>
internal static class SnakeCase
{
    public static string Convert(string path)
    {
        var text = new StringBuilder(path.Length + 4);
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            var startsWord = char.IsUpper(c) && i > 0 && path[i - 1] != '.' && path[i - 1] != '_'
                && (!char.IsUpper(path[i - 1]) || (i + 1 < path.Length && char.IsLower(path[i + 1])));
            if (startsWord)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
