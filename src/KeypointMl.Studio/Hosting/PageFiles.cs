using System.Reflection;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Hosting;

/// <summary>The page's own files, which are embedded.</summary>
internal static class PageFiles
{
    private const string Folder = "Web/";
    private static readonly Dictionary<string, (byte[] Bytes, string Type)> Files = Read();

    /// <summary>The paths under which they are served.</summary>
    public static IEnumerable<string> Paths => Files.Keys;

    /// <summary>Answers with a file.</summary>
    public static Task AnswerAsync(HttpContext http)
    {
        string path = http.Request.Path == "/" ? "/index.html" : http.Request.Path.Value!;
        return Files.TryGetValue(path, out (byte[] Bytes, string Type) file)
            ? Answer.BytesAsync(http, file.Bytes, file.Type)
            : Answer.RefuseAsync(http, StatusCodes.Status404NotFound, "There is nothing under this address.");
    }

    private static Dictionary<string, (byte[], string)> Read()
    {
        var files = new Dictionary<string, (byte[], string)>(StringComparer.Ordinal);
        Assembly own = typeof(PageFiles).Assembly;
        foreach (string name in own.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using Stream stream = own.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add("/" + name[Folder.Length..].Replace('\\', '/'), (bytes, TypeOf(name)));
        }
        return files;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
