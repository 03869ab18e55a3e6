using KeypointMl.Data.Manifests;

namespace KeypointMl.Cli.Running;

/// <summary>Finds data manifests for people who do not want to type paths.</summary>
internal static class ManifestLookup
{
    private const string Folder = "data-manifests";

    /// <summary>What an argument for a manifest means, for help texts.</summary>
    public const string Help = "A data manifest, or the name of one that 'data list' shows.";

    /// <summary>The manifests in the folder <c>data-manifests</c>, of the current folder and beside the executable.</summary>
    public static IReadOnlyList<string> List() => ShippedFiles.List(Folder, "*.yaml");

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names() => ShippedFiles.Names(Folder);

    /// <summary>The names of the skeletons beside them.</summary>
    public static IEnumerable<string> Skeletons() => ShippedFiles.Names(Folder + "/skeletons");

    /// <summary>Loads a manifest by its path or by the name of one in <see cref="List"/>.</summary>
    public static DataManifest Load(string argument) => DataManifest.Load(PathOf(argument));

    /// <summary>Its path.</summary>
    public static string PathOf(string argument) => ShippedFiles.FindNamed(Folder, argument);
}
