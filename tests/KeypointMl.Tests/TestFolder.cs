namespace KeypointMl.Tests;

/// <summary>A new folder for one test, deleted after it.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"keypointml-{Guid.NewGuid():N}");

    public string File(string name) => Path.Combine(Root, name);

    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
