using System.CommandLine;

namespace KeypointMl.Cli.Running;

/// <summary>What the Tab key offers.</summary>
internal static class Completions
{
    /// <summary>Offers names, found when they are asked for, beside whatever the shell offers.</summary>
    public static Argument<T> Completing<T>(this Argument<T> argument, Func<IEnumerable<string>> names)
    {
        argument.CompletionSources.Add(_ => names().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return argument;
    }

    /// <summary>Offers names, found when they are asked for, beside whatever the shell offers.</summary>
    public static Option<T> Completing<T>(this Option<T> option, Func<IEnumerable<string>> names)
    {
        option.CompletionSources.Add(_ => names().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return option;
    }

    /// <summary>The words that may stand at a place of a command line.</summary>
    /// <param name="root">The command.</param>
    /// <param name="line">The line as it was typed, the command's own name first.</param>
    /// <param name="position">Where the cursor is, 0 for before the first letter.</param>
    /// <returns>
    /// Verbs and names that go on from what stands before the cursor; options only where a dash stands there, so that
    /// the shell can offer files.
    /// </returns>
    public static IEnumerable<string> For(Command root, string line, int position)
    {
        string typed = line[..Math.Clamp(position, 0, line.Length)];
        int end = typed.TakeWhile(letter => !char.IsWhiteSpace(letter)).Count();
        if (end == typed.Length)
            return [];
        string words = typed[end..].TrimStart();
        string last = words.Length == 0 || char.IsWhiteSpace(words[^1]) ? "" : words.Split()[^1];
        bool wantsOption = last.StartsWith('-');
        return root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null }).GetCompletions(words.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(word => word.StartsWith('-') == wantsOption && word.StartsWith(last, StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);
    }
}
