using System.Diagnostics;

namespace KeypointMl.Tests.Samples;

/// <summary>A sample, run as its first line says: <c>dotnet run samples/NAME.cs -- ARGUMENTS</c>.</summary>
internal sealed class SampleProgram : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    public SampleProgram(string name, params IEnumerable<string> arguments)
        : this(RepositoryFiles.Root, name, arguments)
    {
    }

    private SampleProgram(string folder, string name, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", RepositoryFiles.Path($"samples/{name}.cs"), "--", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the build that runs the tests has set is not for the sample's own build.
        foreach (string variable in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray())
            start.Environment.Remove(variable);
        process = Process.Start(start)!;
        errors = process.StandardError.ReadToEndAsync();
    }

    public StreamReader Output => process.StandardOutput;

    /// <summary>Runs a sample to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string name, params IEnumerable<string> arguments) => RunIn(RepositoryFiles.Root, name, arguments);

    /// <summary>Runs a sample in a folder, for one that writes there.</summary>
    /// <returns>What it printed.</returns>
    public static string RunIn(string folder, string name, params IEnumerable<string> arguments)
    {
        using var program = new SampleProgram(folder, name, arguments);
        string output = program.Output.ReadToEnd();
        program.process.WaitForExit();
        Assert.AreEqual(0, program.process.ExitCode, $"{output}\n{program.errors.Result}");
        return output;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
