namespace KeypointMl.Data;

/// <summary>How a skeleton's names meet a data set's.</summary>
/// <param name="Aliases">For a skeleton's keypoint that the data set lacks, the data set's name.</param>
/// <param name="Unlabelled">Keypoints that the data set does not label: they are learned from the prior alone, and not scored.</param>
internal sealed record KeypointMapping(IReadOnlyDictionary<string, string> Aliases, IReadOnlySet<string> Unlabelled)
{
    /// <summary>Reads the keys <c>aliases</c> (a mapping) and <c>unlabelled</c> (a list).</summary>
    internal static KeypointMapping Parse(YamlSection section)
    {
        YamlSection? aliases = section.Optional("aliases")?.AsSection();
        return new KeypointMapping(
            aliases?.Keys.ToDictionary(key => key, key => aliases.Required(key).AsString(), StringComparer.Ordinal) ?? [],
            section.Optional("unlabelled")?.AsStrings().ToHashSet() ?? []);
    }
}
