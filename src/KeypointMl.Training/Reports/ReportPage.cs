using System.Globalization;
using System.Net;
using System.Text;

namespace KeypointMl.Training.Reports;

/// <summary>
/// What every report has: one HTML file that needs nothing else, with styles inline, pictures as data URIs and no
/// scripts. A content security policy keeps a browser from fetching anything.
/// </summary>
internal static class ReportPage
{
    /// <summary>Everything before the first section.</summary>
    public static void Begin(StringBuilder page, string title, string kind, string summary) => page.Append(CultureInfo.InvariantCulture, $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{Html(title)} – KeypointMl</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        <main>
        <header>
        <p class="brand">KeypointMl · {Html(kind)}</p>
        <h1>{Html(title)}</h1>
        <p class="summary">{Html(summary)}</p>
        </header>

        """);

    /// <summary>Everything after the last section.</summary>
    public static void End(StringBuilder page) => page.Append("</main>\n</body>\n</html>\n");

    /// <summary>Text for HTML.</summary>
    public static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A picture as an element that holds it.</summary>
    public static string Image(ReportPicture picture) =>
        $"<img alt=\"{Html(picture.Title)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png.Span)}\">";
}
