using System.CommandLine;
using System.CommandLine.Parsing;

namespace KeypointMl.Cli.Printing;

/// <summary>The options by which scoring is watched, and what they ask for.</summary>
internal sealed class ScoringObservation
{
    private readonly Option<string> logFormat = new Option<string>("--log")
    {
        Description = "Failures and progress on stderr: text, or json for an object a line.",
        DefaultValueFactory = _ => "text",
        HelpName = "text|json",
    }.AcceptOnlyFromAmong("text", "json");
    private readonly Option<Uri?> collector = new("--otlp")
    {
        Description = "Send metrics to an OpenTelemetry collector by OTLP over HTTP, such as http://localhost:4318. Else none are sent.",
        HelpName = "URL",
        CustomParser = ParseUrl,
    };

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [logFormat, collector];

    /// <summary>The console that was asked for.</summary>
    public ScoringConsole CreateConsole(ParseResult parsed, TextWriter writer) =>
        new(parsed.GetRequiredValue(logFormat) == "json" ? new JsonScoringLog(writer, TimeProvider.System) : new TextScoringLog(writer));

    /// <summary>The export that was asked for; null for none.</summary>
    public TelemetryExport? StartExport(ParseResult parsed, string? share) => TelemetryExport.Start(parsed.GetValue(collector), share);

    private static Uri? ParseUrl(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        result.AddError($"--otlp is '{text}'; expected the http or https address of a collector, such as http://localhost:4318.");
        return null;
    }
}
