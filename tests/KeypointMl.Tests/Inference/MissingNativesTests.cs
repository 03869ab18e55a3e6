using System.Diagnostics;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Inference;

/// <summary>What an application says that has our packages and forgot those with the native libraries.</summary>
[TestClass]
public sealed class MissingNativesTests
{
    private static readonly string[] WindowsNatives =
    [
        "onnxruntime.dll", "onnxruntime_providers_shared.dll", "libSkiaSharp.dll", "duckdb.dll",
    ];

    [TestMethod]
    public void Model_without_ONNX_Runtimes_library_names_the_package_and_the_line_to_type()
    {
        string said = Run("model", RepositoryFiles.Path("onnx/puppets/detector.onnx"));

        StringAssert.Contains(said, "Type: dotnet add package KeypointMl.Cpu");
        StringAssert.Contains(said, "dotnet add package Microsoft.ML.OnnxRuntime.");
    }

    [TestMethod]
    public void Picture_without_SkiaSharps_library_names_the_package_and_the_line_to_type()
    {
        using var folder = new TemporaryFolder();
        string said = Run("picture", folder.Write("p.png", ImageWriter.EncodePng(TestImages.Numbered(1))));

        StringAssert.Matches(said, new(@"Type: dotnet add package SkiaSharp\.NativeAssets\.[\w.]+ --version \d+\.\d+\.\d+\."));
        StringAssert.Contains(said, "KeypointMl.Cpu");
    }

    // The managed part of this test's output, in a folder of its own.
    private static string Run(string door, string file)
    {
        using var folder = new TemporaryFolder();
        foreach (string assembly in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            if (!WindowsNatives.Contains(Path.GetFileName(assembly)))
                File.Copy(assembly, folder[Path.GetFileName(assembly)]);
        }
        string[] arguments =
        [
            "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "KeypointMl.Tests.runtimeconfig.json"),
            folder["KeypointMl.FreshProcess.dll"], door, file,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output;
    }
}
