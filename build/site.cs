#!/usr/bin/env dotnet
// Builds the documentation site into artifacts/site/_site, with every broken link an error:
//
//   dotnet build tests/KeypointMl.Cli.Tests && dotnet tool restore && dotnet run build/site.cs
//
// The documents are copied side by side as they lie in the repository. Links between them stay; what else they link to in the
// repository, such as a source file, becomes a link to it on GitHub. The API comes from the assemblies that the tests were built with.
#:property PublishAot=false

using System.Diagnostics;
using System.Text.RegularExpressions;

const string Repository = "https://github.com/keypointml/keypointml";
string root = Path.GetFullPath(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, ".."));
string site = Path.Combine(root, "artifacts", "site");
if (Directory.Exists(site))
    Directory.Delete(site, recursive: true);
Directory.CreateDirectory(site);

string[] folders = ["docs", "samples", "benchmarks", "onnx", "src"];
HashSet<string> documents =
[
    .. Directory.EnumerateFiles(root, "*.md"),
    .. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.md", SearchOption.AllDirectories))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules")),
];
HashSet<string> files =
[
    .. documents,
    .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*", SearchOption.AllDirectories),
];
var broken = new List<string>();
foreach (string file in files)
{
    string copy = Path.Combine(site, Path.GetRelativePath(root, file));
    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
    if (documents.Contains(file))
        File.WriteAllText(copy, WithLinks(file));
    else
        File.Copy(file, copy);
}
if (broken.Count > 0)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, broken));
    return 1;
}

File.Move(Path.Combine(site, "docs", "docfx.json"), Path.Combine(site, "docfx.json"));
File.WriteAllText(Path.Combine(site, "index.md"), "---\nredirect_url: docs/index.html\n---\n");
File.WriteAllText(Path.Combine(site, "toc.yml"), $"""
    - name: Documents
      href: docs/
    - name: API
      href: api/
    - name: GitHub
      href: {Repository}
    """);

string output = Path.Combine(root, "tests", "KeypointMl.Cli.Tests", "bin");
string? compiled = !Directory.Exists(output) ? null
    : Directory.EnumerateFiles(output, "KeypointMl.Cli.Tests.dll", SearchOption.AllDirectories)
        .OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
if (compiled is null)
{
    Console.Error.WriteLine("The assemblies are not built: dotnet build tests/KeypointMl.Cli.Tests");
    return 1;
}
string assemblies = Directory.CreateDirectory(Path.Combine(site, "assemblies")).FullName;
string[] notLibraries = ["KeypointMl.Cli", "KeypointMl.Cli.Tests", "KeypointMl.Score"];
foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(compiled)!)
    .Where(path => Path.GetExtension(path) is ".dll" or ".xml" && !notLibraries.Contains(Path.GetFileNameWithoutExtension(path))))
    File.Copy(file, Path.Combine(assemblies, Path.GetFileName(file)));

// A parameter that is described twice in the code is no broken link: only the pages' own warnings are errors.
int made = Docfx("metadata");
return made != 0 ? made : Docfx("build", "--warningsAsErrors");

int Docfx(string verb, params IEnumerable<string> options)
{
    using Process process = Process.Start(
        new ProcessStartInfo("dotnet", ["docfx", verb, Path.Combine(site, "docfx.json"), .. options]) { WorkingDirectory = root })!;
    process.WaitForExit();
    return process.ExitCode;
}

string WithLinks(string document) => Regex.Replace(File.ReadAllText(document), @"(?<=\]\()(?!https?:|#|mailto:)([^)#\s]+)(?=[)#])", match =>
{
    string target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, match.Value));
    if (files.Contains(target))
        return match.Value;
    string path = Path.GetRelativePath(root, target).Replace('\\', '/');
    if (Path.Exists(target) && !path.StartsWith("..", StringComparison.Ordinal))
        return $"{Repository}/{(Directory.Exists(target) ? "tree" : "blob")}/main/{path}";
    broken.Add($"{Path.GetRelativePath(root, document)}: '{match.Value}' leads nowhere");
    return match.Value;
});
