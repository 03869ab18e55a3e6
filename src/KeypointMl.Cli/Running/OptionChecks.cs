using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Cli.Running;

/// <summary>Checks that make a wrong value wrong usage, before anything is done.</summary>
internal static class OptionChecks
{
    /// <summary>What stands for standard output in place of a file.</summary>
    public const string StandardOutput = "-";

    /// <summary>Refuses smaller numbers.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result => RequireAtLeast(result, least));
        return option;
    }

    /// <summary>Refuses smaller numbers, where one is given.</summary>
    public static Option<T?> AtLeast<T>(this Option<T?> option, T least)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result => RequireAtLeast(result, least));
        return option;
    }

    /// <summary>Refuses larger numbers.</summary>
    public static Option<T> AtMost<T>(this Option<T> option, T most)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (T.TryParse(result.Tokens.SingleOrDefault()?.Value, System.Globalization.CultureInfo.InvariantCulture, out T value)
                && value > most)
                result.AddError(FormattableString.Invariant($"{option.Name} is {value}; expected {most} or fewer."));
        });
        return option;
    }

    /// <summary>Refuses numbers outside a range, ends included, where one is given.</summary>
    public static Option<T?> Within<T>(this Option<T?> option, T least, T most)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result =>
        {
            bool isNumber = T.TryParse(
                result.Tokens.SingleOrDefault()?.Value, System.Globalization.CultureInfo.InvariantCulture, out T value);
            if (isNumber && !(value >= least && value <= most))
                result.AddError(FormattableString.Invariant($"{option.Name} is {value}; expected {least} to {most}."));
        });
        return option;
    }

    /// <summary>Refuses the name of a file that could not be written: a folder, one in a missing folder, one that ends otherwise.</summary>
    public static TOption ForOutput<TOption>(this TOption option, params string[] extensions)
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.LastOrDefault()?.Value is { } path && OutputPath.Problem(path, extensions) is { } problem)
                result.AddError($"{option.Name} {problem}");
        });
        return option;
    }

    /// <summary>Refuses the name of a folder that is a file.</summary>
    public static TOption ForFolder<TOption>(this TOption option)
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.LastOrDefault()?.Value is { } path && File.Exists(path))
                result.AddError($"{option.Name} is '{PrintableText.Of(path)}', which is a file; expected a folder.");
        });
        return option;
    }

    /// <summary>Refuses the name of a file that predictions cannot be written to: of no format, or a folder.</summary>
    public static TOption ForPredictions<TOption>(this TOption option)
        where TOption : Option
    {
        option.Validators.Add(result =>
        {
            try
            {
                // What is empty is complained about elsewhere; a dash is standard output where there is one.
                foreach (string path in result.Tokens.Select(token => token.Value).Where(path => path.Trim() is not ("" or StandardOutput)))
                    PredictionFiles.Check(path);
            }
            catch (InvalidDataException error)
            {
                result.AddError($"{option.Name}: {error.Message}");
            }
        });
        return option;
    }

    /// <summary>Refuses outputs that are one file.</summary>
    public static void RequireApart(this CommandResult result, params IEnumerable<Option> outputs)
    {
        try
        {
            _ = new OutputGuard(outputs.Select(output => result.GetResult(output)?.Tokens.LastOrDefault()?.Value).OfType<string>()
                .Where(path => path.Length > 0));
        }
        catch (InvalidDataException error)
        {
            result.AddError(error.Message);
        }
    }

    /// <summary>What is wrong with a command line, a line for each: values that are empty, which none may be, and all else.</summary>
    public static IEnumerable<string> ProblemsOf(ParseResult parsed)
    {
        foreach (SymbolResult child in parsed.CommandResult.Children)
        {
            string? name = (child as OptionResult)?.Option.Name ?? (child as ArgumentResult)?.Argument.Name;
            bool isEmpty = child.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value));
            if (name is not null && isEmpty && parsed.Errors.All(error => error.SymbolResult != child))
                yield return $"{name} is empty; give a value, or leave it out. Is a variable of the shell not set?";
        }
        foreach (ParseError error in parsed.Errors)
            yield return string.Join(' ', error.Message.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static void RequireAtLeast<T>(OptionResult result, T least)
        where T : struct, INumber<T>
    {
        // What is no number at all is complained about by the parser.
        if (T.TryParse(result.Tokens.SingleOrDefault()?.Value, System.Globalization.CultureInfo.InvariantCulture, out T value)
            && !(value >= least && T.IsFinite(value)))
        {
            string number = T.IsFinite(value) ? "" : "a finite number, ";
            result.AddError(FormattableString.Invariant($"{result.Option.Name} is {value}; expected {number}{least} or more."));
        }
    }

    /// <summary>Refuses other words than the expected ones.</summary>
    public static void RequireWords(this OptionResult result, IReadOnlyList<string> words, IReadOnlyList<string> expected, string hint = "")
    {
        foreach (string word in words.Except(expected))
        {
            result.AddError($"{result.Option.Name} has '{word}'; "
                + $"expected {string.Join(" or ", expected.Select(name => $"'{name}'"))}.{hint}");
        }
    }
}
