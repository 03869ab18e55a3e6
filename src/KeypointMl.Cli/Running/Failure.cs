using KeypointMl.Onnx.Model;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Running;

/// <summary>Words an exception for a person: one paragraph, without a stack trace unless it is asked for.</summary>
internal static class Failure
{
    public static string Describe(Exception exception, bool verbose)
    {
        if (verbose)
            return $"{CommandLine.Name}: {exception}";
        return exception switch
        {
            OperationCanceledException { InnerException: null } stopped when stopped.Message.StartsWith(
                "Stopped", StringComparison.Ordinal) => $"{CommandLine.Name}: {stopped.Message}",
            OperationCanceledException => $"{CommandLine.Name}: Stopped before it was done.",
            ArgumentException { ParamName: { } parameter } =>
                $"{CommandLine.Name}: {exception.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)}",
            TypeInitializationException { InnerException: DllNotFoundException missing } => Describe(missing, verbose),
            _ when IsExpected(exception) => $"{CommandLine.Name}: {exception.Message}",
            _ => $"{CommandLine.Name}: unexpected {exception.GetType().Name}: {exception.Message} This should not happen: "
                + "run the command again with --verbose and report what it prints.",
        };
    }

    // Exceptions that the libraries throw on purpose; their messages are written for the user of the command.
    private static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException
        or InvalidOperationException or NotSupportedException or DllNotFoundException or OnnxException or RecipeException
        or TrainingDivergedException or NumericsException;
}
