using System.Text;

namespace KeypointMl.Benchmarks;

/// <summary>What a command prints, written to a file as well. The file appears only when the command has ended well.</summary>
internal sealed class ReportFile : TextWriter
{
    private readonly string _path;
    private readonly StringBuilder _text = new();
    private readonly TextWriter _console = Console.Out;

    /// <summary>Begins to listen to <see cref="Console.Out"/>.</summary>
    /// <param name="path">The file; its folder is made.</param>
    public ReportFile(string path)
    {
        _path = Path.GetFullPath(path);
        Console.SetOut(this);
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _console.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        _console.Write(value);
        _text.Append(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        _console.Write(value);
        _text.Append(value);
    }

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        Console.SetOut(_console);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllText(_path, _text.ToString());
    }
}
