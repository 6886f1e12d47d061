using System.Text;
using System.Text.RegularExpressions;

namespace SparseSharp.Fuzz.Files;

/// <summary>Damages JSON text token by token: numbers, names, brackets, repetitions, depth.</summary>
internal static partial class JsonMutator
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "3", "7", "255", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "4611686018427387904",
        "9007199254740993", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775808", "99999999999999999999999999", "1e1",
        "1e308", "1e400", "1.0", "0.5", "01", "1e-400", "NaN", "Infinity", "0x10", "+1",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "\"\"", "\"F32\"", "\"F64\"", "\"F16\"", "\"BF16\"", "\"I64\"", "\"I32\"", "\"I16\"",
        "\"I8\"", "\"U8\"", "\"U16\"", "\"U32\"", "\"U64\"", "\"BOOL\"", "\"F8_E4M3\"",
        "\"f32\"", "\"F4\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"\\ud800\"", "\"\\u0000\"", "\"a\\nb\"",
        "\"\\udc00\\ud800\"", "\"../../etc/passwd\"", "\"/dev/zero\"", "\"weight_map\"",
        "\"model-00001-of-00002.safetensors\"", "\"stem.weight\"", "\"head.bias\"", "//", "/*", ",", ",,", ":", "{", "}", "[", "]", "'a'",
        "\"", "\\", "\u00A0", "\uFEFF",
    ];

    public static byte[] Mutate(string json, Random random)
    {
        var tokens = Tokens().Matches(json).Select(match => match.Value).ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
            MutateOnce(tokens, random);
        var text = string.Concat(tokens);
        // Padding is allowed at the end only.
        if (random.Next(20) == 0)
            text = random.Next(2) == 0 ? " " + text : text + new string(' ', random.Next(1, 100));
        return Encoding.UTF8.GetBytes(text);
    }

    private static void MutateOnce(List<string> tokens, Random random)
    {
        if (tokens.Count == 0)
            return;
        var place = random.Next(tokens.Count);
        var numbers = tokens.Index().Where(token => char.IsAsciiDigit(token.Item[0])).Select(token => token.Index).ToList();
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when numbers.Count > 0:
                tokens[numbers[random.Next(numbers.Count)]] = Numbers[random.Next(Numbers.Length)];
                break;
            case 3 when numbers.Count > 0:
                var number = numbers[random.Next(numbers.Count)];
                tokens[number] = (long.TryParse(tokens[number], out var value)
                    ? value + random.Next(-2, 3)
                    : 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case 4:
                tokens[place] = Others[random.Next(Others.Length)];
                break;
            case 5:
                tokens.RemoveAt(place);
                break;
            case 6:
                tokens.Insert(place, Others[random.Next(Others.Length)]);
                break;
            case 7:
                // A repetition of some tokens, such as an entry.
                tokens.InsertRange(place, tokens.GetRange(place, Math.Min(tokens.Count - place, random.Next(1, 24))));
                break;
            case 8:
                (tokens[place], tokens[random.Next(tokens.Count)]) = (tokens[random.Next(tokens.Count)], tokens[place]);
                break;
            case 9:
                var depth = random.Next(1, 1 << random.Next(1, 14));
                tokens[place] = random.Next(2) == 0 ? new string('[', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth));
                break;
            case 10:
                tokens[place] = $"\"{new string((char)random.Next('a', 'z'), random.Next(1, 1 << random.Next(1, 16)))}\"";
                break;
            default:
                tokens.RemoveRange(place, random.Next(1, tokens.Count - place + 1));
                break;
        }
    }

    [GeneratedRegex("""(?:"(?:[^"\\]|\\.)*")|(?:-?[0-9][0-9.eE+-]*)|\s+|[A-Za-z]+|.""", RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
