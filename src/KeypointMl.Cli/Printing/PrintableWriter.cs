using System.Text;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Cli.Printing;

/// <summary>
/// Passes text on with its control characters escaped, but for line ends and tabs: names and contents of files must
/// not steer the terminal.
/// </summary>
/// <param name="inner">Takes the text.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(PrintableText.OfLines(value.ToString()));

    public override void Write(char[] buffer, int index, int count) => inner.Write(PrintableText.OfLines(new string(buffer, index, count)));

    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PrintableText.OfLines(buffer.ToString()));

    public override void Write(string? value) => inner.Write(PrintableText.OfLines(value ?? ""));

    public override void WriteLine(string? value) => inner.WriteLine(PrintableText.OfLines(value ?? ""));

    public override void Flush() => inner.Flush();
}
