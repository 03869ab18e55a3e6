using System.Text;

namespace KeypointMl.Testing;

/// <summary>Spoils files at random.</summary>
internal static class Spoiling
{
    /// <summary>Words of YAML that steer its parser.</summary>
    public static string[] YamlWords { get; } =
    [
        "[", "]", "{", "}", ": ", "- ", "? ", ",", "&a ", "*a", "!", "!!str ", "!<x> ", "|", ">", "|2-", "'", "\"", "#",
            "%YAML 9.9\n", "%TAG ! x\n", "---\n", "...\n", "\t", "\n", "  ", "@", "`",
        "\\x", "\"\\U00110000\"", "\"\\ud800\"", "~", "<<: ", "\u0000", "\uFEFF", "\u2028", "[[[[[[[[[[[[[[[[[[[[",
            "- - - - - - - - - - - - - - - - - - ", "? ? ? ? ", "{{{{", "a: b: c", "NaN", "-1", "1e999", "99999999999999999999",
    ];

    /// <summary>Words of JSON.</summary>
    public static string[] JsonWords { get; } =
    [
        "[", "]", "{", "}", ":", ",", "\"", "null", "true", "NaN", "-Infinity", "1e999", "-0", "-1", "0.5", "1e400",
            "18446744073709551616", "\"\\ud800\"", "\"\\udc00x\"", "\\u0000", "\\", "[[[[[[[[[[[[", "{\"a\":", "/*", "//",
        "\u0000", "\uFEFF", "\"id\": 1,", "\"keypoints\": [],", "\"\"",
    ];

    /// <summary>Words of CSV.</summary>
    public static string[] CsvWords { get; } =
    [
        ",", ";", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "\"\n\"", "NaN", "inf", "-1", "1e999", "1,5",
        "99999999999999999999", "\u0000", "\uFEFF", "\ud83d\ude00", " ", "x", "scorer,", "coords", ",,,,,,,,",
    ];

    /// <summary>Numbers at the edges, and what parts them in files of numbers.</summary>
    public static string[] NumberWords { get; } =
    [
        "0", "-1", "1e39", "1e999", "NaN", "inf", "2147483647", "2147483648", "-9223372036854775809", "99999999999999999999",
        "\n", "\r\n", " ", "\t", "{", "}", ":", "\u0000", "\uFEFF", "é", "p0\n", "g1\n", "(", "t", "a", "I01\n",
    ];

    /// <summary>Changes bits, bytes, lengths and words, cuts pieces out, repeats them, or puts in pieces of another file.</summary>
    public static byte[] Spoil(byte[] file, byte[] other, string[] words, Random random)
    {
        List<byte> bytes = [.. file];
        for (int change = random.Next(2) == 0 ? 1 : random.Next(1, 6); change > 0 && bytes.Count > 1; change--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(words.Length > 0 ? 11 : 8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // Numbers at the edges: the largest one-byte varint, the start of a long one, nothing.
                    bytes[at] = random.Next(3) switch { 0 => 0x7F, 1 => 0xFF, _ => 0 };
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5 or 6:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 200), other.Length - from)));
                    break;
                case 7 when words.Length == 0:
                    Number(bytes, at, random);
                    break;
                case 7:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }

    // Lengths and addresses, of 2, 4 or 8 bytes and mostly at a multiple of those: none, all, a power of two, or a place in the file.
    private static void Number(List<byte> bytes, int at, Random random)
    {
        int width = 2 << random.Next(3);
        at = random.Next(4) > 0 ? at / width * width : at;
        long value = random.Next(4) switch { 0 => 0, 1 => -1, 2 => 1L << random.Next(64), _ => random.Next(bytes.Count) };
        bool big = random.Next(4) == 0;
        for (int i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = (byte)(value >> (8 * (big ? width - 1 - i : i)));
    }
}
