using System.CommandLine;
using System.CommandLine.Parsing;

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
            string? nearest = known.Where(name => name[0] == '-' == (word.Length > 0 && word[0] == '-'))
                .MinBy(name => Distance(word, name));
            if (nearest is not null && Distance(word, nearest) <= Math.Max(1, nearest.TrimStart('-').Length / 3))
                yield return $"Did you mean '{nearest}'?";
        }
    }

    /// <summary>
    /// How many letters have to be put in, taken out, changed or exchanged with their neighbour (Damerau's distance, in which no
    /// place is changed twice).
    /// </summary>
    internal static int Distance(string from, string to)
    {
        int[,] cost = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                int change = from[i - 1] == to[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[from.Length, to.Length];
    }
}
