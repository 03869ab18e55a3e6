using KeypointMl.Training.Recipes;

namespace KeypointMl.Testing;

/// <summary>A data set and a recipe that take seconds.</summary>
internal static class TinyPuppets
{
    public static string WriteManifest(TemporaryFolder folder)
    {
        File.WriteAllText(folder["puppets.yaml"], """
            name: tiny-puppets
            description: A few synthetic people.
            terms: none
            obtain: generated
            reader:
              kind: puppets
              training_videos: 4
              frames_per_video: 8
              prior_videos: 8
              prior_poses_per_video: 4
              test_videos: 2
              test_frames_per_video: 4
            """);
        return folder["puppets.yaml"];
    }

    public static string WriteRecipe(TemporaryFolder folder)
    {
        Recipe recipe = TinyRun.Recipe(steps: 4, pretraining: 2);
        File.WriteAllText(folder["recipe.yaml"], (recipe with { Data = recipe.Data with { Manifest = WriteManifest(folder) } }).ToYaml());
        return folder["recipe.yaml"];
    }
}
