using KeypointMl.Imaging.Files;
using Spectre.Console;

namespace KeypointMl.Cli.Running;

/// <summary>Asks the user of the command what it cannot know.</summary>
public interface IQuestions
{
    /// <summary>Asks for text.</summary>
    /// <param name="question">The question.</param>
    /// <returns>The answer; null where it is empty.</returns>
    string? Ask(string question);

    /// <summary>Lets the user choose.</summary>
    /// <param name="question">The question.</param>
    /// <param name="choices">The answers, the likeliest first.</param>
    /// <returns>One of them.</returns>
    string Choose(string question, IReadOnlyList<string> choices);
}

/// <summary>Asks on a terminal.</summary>
internal sealed class TerminalQuestions : IQuestions
{
    /// <summary>The terminal, where input and output are one; else null: nobody is there to answer.</summary>
    public static IQuestions? OfConsole() => Console.IsInputRedirected || Console.IsOutputRedirected ? null : new TerminalQuestions();

    public string? Ask(string question)
    {
        string answer = AnsiConsole.Prompt(new TextPrompt<string>(Markup.Escape(PrintableText.Of(question))).AllowEmpty());
        return answer.Length == 0 ? null : answer;
    }

    public string Choose(string question, IReadOnlyList<string> choices) => AnsiConsole.Prompt(
        new SelectionPrompt<string>().Title(Markup.Escape(PrintableText.Of(question))).AddChoices(choices).UseConverter(Markup.Escape));
}
