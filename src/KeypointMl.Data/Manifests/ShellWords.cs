namespace KeypointMl.Data.Manifests;

/// <summary>Command lines that a person can copy into a shell.</summary>
internal static class ShellWords
{
    /// <summary>The setting of a program's runtime configuration that says under which name it is called.</summary>
    internal const string ProgramSetting = "KeypointMl.CommandName";

    private const string Plain = "_-./:=,+@%";

    /// <summary>What is typed before the verbs that every program of the command has.</summary>
    public static string Program => AppContext.GetData(ProgramSetting) as string ?? "keypointml";

    /// <summary>The words with spaces between them, each quoted where a shell would not take it as it is.</summary>
    public static string Join(params IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>One word: for POSIX shells in single quotes, on Windows in double ones.</summary>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (OperatingSystem.IsWindows())
        {
            bool isPlain = word.Length > 0 && word.All(letter => IsPlain(letter) || letter == '\\');
            return isPlain ? word : $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        }
        return word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal);
}
