using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KeypointMl.Cli.Running;

/// <summary>
/// Starts the command again with one environment variable more, for what native libraries read once. On Unix the new
/// program takes this process's place, with its identifier, files and terminal; on Windows it is a child that is waited
/// for.
/// </summary>
internal static partial class ProcessRestart
{
    /// <summary>Runs the same command line again.</summary>
    /// <param name="args">The command's arguments.</param>
    /// <param name="variable">The environment variable.</param>
    /// <param name="value">Its value.</param>
    /// <returns>What the new process returned; on Unix it does not return.</returns>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public static int With(string[] args, string variable, string value)
    {
        Environment.SetEnvironmentVariable(variable, value);
        string program = Environment.ProcessPath
            ?? throw new InvalidOperationException($"The command cannot start itself again; set {variable}={value} and start it by hand.");
        // Behind 'dotnet keypointml.dll' the program is dotnet, and its first argument the library.
        string[] arguments = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [Environment.GetCommandLineArgs()[0], .. args]
            : args;
        if (!OperatingSystem.IsWindows())
        {
            Execute(program, arguments);
            throw new InvalidOperationException(
                $"The command cannot start itself again (error {Marshal.GetLastPInvokeError()}); "
                + $"set {variable}={value} and start it by hand.");
        }
        using Process child = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        child.WaitForExit();
        return child.ExitCode;
    }

    private static void Execute(string program, string[] arguments)
    {
        string[] variables = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => $"{entry.Key}={entry.Value}")];
        _ = ExecuteProgram(program, [program, .. arguments, null], [.. variables, null]);
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExecuteProgram(string path, string?[] arguments, string?[] environment);
}
