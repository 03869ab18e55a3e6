using System.Diagnostics;
using System.Text.Json;

namespace KeypointMl.Cli.Tests.Web;

/// <summary>A program of samples/web, run by Node.js where that and its packages are.</summary>
internal static class NodeProgram
{
    private static readonly string Folder = RepositoryFiles.Path("samples/web");

    /// <summary>Skips the test where there is no Node.js, or nobody ran <c>npm ci</c>.</summary>
    public static void Require()
    {
        if (OnPath("node") is null)
            Assert.Inconclusive("Node.js is not installed; samples/web is not tested.");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-web")))
            Assert.Inconclusive("The packages of samples/web are not there: run npm ci in that folder.");
    }

    /// <summary>A Chromium, or the test is skipped.</summary>
    public static string RequireChromium()
    {
        string[] names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        string? found = names.Select(OnPath).FirstOrDefault(path => path is not null);
        if (found is null)
            Assert.Inconclusive("No Chromium is on the PATH; the page of samples/web is not tested.");
        return found;
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    /// <returns>A JSON value for each line that it prints.</returns>
    public static JsonElement[] Run(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("node", [program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{output}\n{errors.Result}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") }).FirstOrDefault(File.Exists);
}
