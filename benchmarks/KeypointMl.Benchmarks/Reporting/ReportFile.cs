using System.Text;

namespace KeypointMl.Benchmarks;

/// <summary>What a command prints, written to a file as well. The file appears only when the command has ended well.</summary>
internal sealed class ReportFile : TextWriter
{
    private readonly string path;
    private readonly StringBuilder text = new();
    private readonly TextWriter console = Console.Out;

    /// <summary>Begins to listen to <see cref="Console.Out"/>.</summary>
    /// <param name="path">The file; its folder is made.</param>
    public ReportFile(string path)
    {
        this.path = Path.GetFullPath(path);
        Console.SetOut(this);
    }

    /// <inheritdoc/>
    public override Encoding Encoding => console.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        console.Write(value);
        text.Append(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        console.Write(value);
        text.Append(value);
    }

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        Console.SetOut(console);
        Directory.CreateDirectory(Path.GetDirectoryName(this.path)!);
        File.WriteAllText(this.path, text.ToString());
    }
}
