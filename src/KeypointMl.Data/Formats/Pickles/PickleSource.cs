using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointMl.Data.Formats.Pickles;

/// <summary>The bytes of a pickle from the front, as the numbers and texts that its opcodes are followed by.</summary>
/// <param name="stream">Has a length: no more is taken memory for than is left of it.</param>
internal sealed partial class PickleSource(Stream stream)
{
    private const int LongestLine = 1 << 20;
    private const int LongestNumber = 1000;

    /// <summary>Where the next byte is.</summary>
    public long Position => stream.Position;

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        int value = stream.ReadByte();
        return value < 0 ? throw new EndOfStreamException("the pickle ends early") : (byte)value;
    }

    /// <summary>The next bytes.</summary>
    public byte[] Bytes(long count)
    {
        if (count > stream.Length - stream.Position || count > Array.MaxLength)
            throw new InvalidDataException($"{count} bytes are announced, and {stream.Length - stream.Position} are left");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A little-endian number of at most four bytes without a sign.</summary>
    public long Unsigned(int size)
    {
        long number = 0;
        byte[] digits = Bytes(size);
        for (int i = size - 1; i >= 0; i--)
            number = number << 8 | digits[i];
        return number;
    }

    /// <summary>A number of any length: long, or <see cref="BigInteger"/> beyond it.</summary>
    public object Signed(int size) => Narrow(new BigInteger(Bytes(size)));

    /// <summary>The text up to the end of the line. Protocol 0 writes Latin-1, and escapes what is beyond it.</summary>
    public string Line(int longest = LongestLine)
    {
        var line = new StringBuilder();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (line.Length == longest)
                throw new InvalidDataException($"a line is longer than {longest:N0} bytes");
            line.Append((char)next);
        }
        return line.ToString();
    }

    /// <summary>A line in which letters beyond Latin-1 are escaped.</summary>
    public string EscapedLine() => EscapeRegex().Replace(Line(), Unescape);

    /// <summary>A line with quotes around it.</summary>
    public string QuotedLine() =>
        Line() is var text && text is ['\'', .., '\''] or ['"', .., '"']
            ? text[1..^1]
            : throw new InvalidDataException("a text has no quotes");

    /// <summary>A line that is a whole number, as <see cref="Signed"/> gives it.</summary>
    public object WholeNumberLine()
    {
        string text = Line(LongestNumber).TrimEnd('L');
        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole)
            ? Narrow(whole)
            : throw new InvalidDataException("a whole number is none");
    }

    /// <summary>A line that is a number.</summary>
    public double NumberLine() =>
        double.TryParse(Line(LongestNumber), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new InvalidDataException("a number is none");

    /// <summary>A line that says where something is remembered.</summary>
    public long KeyLine() => WholeNumberLine() as long? ?? throw new InvalidDataException("a memo has no such number");

    private static object Narrow(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private static string Unescape(Match match)
    {
        int code = int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (code is < 0 or > 0x10FFFF)
            throw new InvalidDataException("a text has a letter that Unicode has not");
        return code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString();
    }

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}")]
    private static partial Regex EscapeRegex();
}
