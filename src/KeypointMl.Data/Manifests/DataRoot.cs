namespace KeypointMl.Data;

/// <summary>The folder that the paths in data manifests start from.</summary>
public static class DataRoot
{
    /// <summary>The environment variable that names it where no argument does.</summary>
    public const string EnvironmentVariable = "KEYPOINTML_DATA";

    /// <summary>The folder: the argument, else the environment variable.</summary>
    /// <param name="argument">What the user gave, or null.</param>
    /// <exception cref="DirectoryNotFoundException">Neither is given, or there is no such folder.</exception>
    public static string Resolve(string? argument)
    {
        string? folder = string.IsNullOrEmpty(argument) ? Environment.GetEnvironmentVariable(EnvironmentVariable) : argument;
        if (string.IsNullOrEmpty(folder))
            throw new DirectoryNotFoundException($"The data root is not known. Give --data-root FOLDER, or set the environment variable {EnvironmentVariable} to the folder that the manifest's paths start from.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The data root {folder} ({(string.IsNullOrEmpty(argument) ? $"from {EnvironmentVariable}" : "from --data-root")}) is no folder.");
        return Path.GetFullPath(folder);
    }
}
