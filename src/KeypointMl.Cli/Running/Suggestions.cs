using System.CommandLine;
using System.CommandLine.Parsing;
using KeypointMl.Data;

namespace KeypointMl.Cli.Running;

/// <summary>What a person meant who mistyped a verb or an option.</summary>
internal static class Suggestions
{
    /// <summary>A line for each word that was not understood and is like one that would have been.</summary>
    public static IEnumerable<string> For(ParseResult parsed)
    {
        var known = new List<string>();
        for (CommandResult? result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            bool isInnermost = result == parsed.CommandResult;
            known.AddRange(result.Command.Options.Where(option => isInnermost || option.Recursive).Select(option => option.Name));
            if (isInnermost)
                known.AddRange(result.Command.Subcommands.Select(command => command.Name));
        }
        // An option that is not known may have been taken for an argument.
        IEnumerable<string> taken = parsed.Tokens
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(token => token.Value);
        foreach (string word in parsed.UnmatchedTokens.Concat(taken).Distinct())
        {
            if (NearestWord.Of(word, known.Where(name => name[0] == '-' == (word.Length > 0 && word[0] == '-'))) is { } nearest)
                yield return $"Did you mean '{nearest}'?";
        }
    }
}
