using KeypointMl.Data.Priors.Building;

namespace KeypointMl.Tests.Data;

/// <summary>A prior of three keypoints from two frames of motion, whose every pose can be worked out by hand.</summary>
internal static class StickPrior
{
    public const string Recipe = """
        name: stick
        skeleton: { name: stick, keypoints: [hips, head, hand], edges: [[hips, head]] }
        count: 50
        seed: 3
        source: { kind: bvh, files: m/*.bvh }
        joints: { hips: Hips, head: Head, hand: [Hand_L] }
        camera: { azimuth: 0, elevation: 0, distance: 4, focal: 1 }
        crop: { width: 100, height: 100, fill: 0.5 }
        """;

    // A stick 2 high: hips at the origin, head above, a hand to the subject's left (+x).
    private const string Bvh = """
        HIERARCHY
        ROOT Hips
        {
          OFFSET 0 0 0
          CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
          JOINT Head
          {
            OFFSET 0 2 0
            CHANNELS 3 Zrotation Xrotation Yrotation
            End Site
            {
              OFFSET 0 0.5 0
            }
          }
          JOINT Hand_L
          {
            OFFSET 1 1 0
            CHANNELS 3 Zrotation Xrotation Yrotation
          }
        }
        MOTION
        Frames: 2
        Frame Time: 0.04
        0 0 0 0 0 0 0 0 0 0 0 0
        5 0 5 90 0 0 0 0 0 0 0 0

        """;

    public static BuiltPrior Build(TemporaryFolder folder, string recipe)
    {
        folder.Write("m/a.bvh", Bvh);
        return PriorBuilder.Build(PriorBuildRecipe.Load(folder.Write("r.yaml", recipe.TrimEnd() + "\n")), folder.Path);
    }
}
