namespace KeypointMl.Cli.Tests;

/// <summary>A folder with a tiny run that the command trained, and with the graphs that it exported of it.</summary>
internal sealed class TrainedFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TrainedFolder()
    {
        string recipe = TinyPuppets.WriteRecipe(folder);
        Trained = Invocation.Of("train", recipe, "--out", folder["run"]);
        Exported = Invocation.Of("export", "--run", folder["run"], "--out", folder["onnx"]);
    }

    public Invocation Trained { get; }

    public Invocation Exported { get; }

    public string this[string name] => folder[name];

    public void Dispose() => folder.Dispose();
}

/// <summary>The trained folder of all tests: training takes longer than any of them.</summary>
[TestClass]
public static class SharedFolder
{
    private static readonly Lazy<TrainedFolder> One = new(() => new TrainedFolder());

    internal static TrainedFolder Trained => One.Value;

    [AssemblyCleanup]
    public static void Delete()
    {
        if (One.IsValueCreated)
            One.Value.Dispose();
    }
}
