using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>The bytes of a pickle, read from the front; what is not there is complained about by file and position.</summary>
/// <param name="pickle">All of it.</param>
/// <param name="where">What messages call it.</param>
internal sealed partial class PickleBytes(byte[] pickle, string where)
{
    private int position;

    /// <summary>Whether all is read.</summary>
    internal bool AtEnd => position == pickle.Length;

    /// <summary>The next operation.</summary>
    internal char Operation() => (char)pickle[position++];

    /// <summary>A line in which letters beyond Latin-1 are escaped.</summary>
    internal string EscapedLine() => EscapeRegex().Replace(Line(), Unescape);

    /// <summary>The next bytes.</summary>
    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > pickle.Length - position)
            throw Error($"ends where {count:N0} bytes more are expected");
        position += count;
        return pickle.AsSpan(position - count, count);
    }

    /// <summary>A little-endian number of so many bytes.</summary>
    internal int Length(int size)
    {
        long length = 0;
        ReadOnlySpan<byte> digits = Bytes(size);
        for (int i = size - 1; i >= 0; i--)
            length = length << 8 | digits[i];
        return length <= int.MaxValue ? (int)length : throw Error($"claims {length:N0} bytes");
    }

    /// <summary>The text up to the end of the line. Protocol 0 writes Latin-1, and escapes what is beyond it.</summary>
    internal string Line()
    {
        int length = pickle.AsSpan(position).IndexOf((byte)'\n');
        if (length < 0)
            throw Error("ends within a line");
        string line = Encoding.Latin1.GetString(pickle, position, length);
        position += length + 1;
        return line;
    }

    /// <summary>A line that is a number.</summary>
    internal long Key() => long.TryParse(Line(), NumberStyles.None, CultureInfo.InvariantCulture, out long key)
        ? key
        : throw Error("refers to what is no number");

    private string Unescape(Match match)
    {
        int code = int.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (code is < 0 or > 0x10FFFF)
            throw Error("has a letter that Unicode has not");
        return code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString();
    }

    /// <summary>What is wrong at this place.</summary>
    internal InvalidDataException Error(string message) => new($"{where}: byte {position} of a pickle: it {message}.");

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}")]
    private static partial Regex EscapeRegex();
}
