using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Data.Priors.Sources;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data.Priors;

[TestClass]
public sealed class SkeletonGuessTests
{
    [TestMethod]
    [DataRow("left_ear,right_ear,tail", "0/1")]
    [DataRow("tail,rightEar,leftEar", "2/1")]
    [DataRow("l_ankle,r_ankle,ear_l,ear_r", "0/1 2/3")]
    [DataRow("earL,earR,forelegL4,forelegR4,eyeL,eyeR", "0/1 2/3 4/5")]
    [DataRow("LShoulder,RShoulder,Snout", "0/1")]
    [DataRow("L1,L2,R1,R2,paw.L,paw.R", "0/2 1/3 4/5")]
    [DataRow("leg,log,wheel,tail,real,all,label", "")]
    [DataRow("left,leftRight", "")]
    public void Left_and_right_are_found_by_names(string names, string expected)
    {
        ImmutableArray<(int Left, int Right)> pairs = SkeletonGuess.PairsByName([.. names.Split(',')]);

        Assert.AreEqual(expected, string.Join(' ', pairs.Select(pair => $"{pair.Left}/{pair.Right}")));
    }

    [TestMethod]
    public void Edges_join_what_keeps_its_distance_the_spine_first_and_both_sides_alike()
    {
        var known = new Skeleton("mouse", ["nose", "earL", "earR", "centre", "tail"], []);
        // The tail swings near the left ear at times; its distance from the centre stays.
        Vector2[][] poses =
        [
            .. Enumerable.Range(0, 40).Select(i => 2 * MathF.PI * i / 40).Select(turn => (Vector2[])
                [new(0, -30), new(8, -20), new(-8, -20), new(0, 0), 20 * new Vector2(MathF.Cos(turn), MathF.Sin(turn))]),
        ];
        List<string> notes = [];

        Skeleton complete = SkeletonGuess.Complete(known, poses, notes.Add);

        Assert.AreEqual(
            "nose-centre centre-tail nose-earL nose-earR",
            string.Join(' ', complete.Edges.Select(edge => $"{known.Keypoints[edge.From[0]]}-{known.Keypoints[edge.To[0]]}")));
        Assert.AreEqual("(1, 2)", string.Join(' ', complete.SymmetricPairs));
        Assert.HasCount(2, notes);
    }

    [TestMethod]
    public void What_the_file_says_is_kept_and_nothing_is_said()
    {
        var known = new Skeleton("mouse", ["earL", "earR"], [new(0, 1)], [(1, 0)]);

        Assert.AreEqual(known, SkeletonGuess.Complete(known, [[default, Vector2.One]], note => Assert.Fail(note)));
    }
}
