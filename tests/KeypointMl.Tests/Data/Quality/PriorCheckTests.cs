using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Quality;

namespace KeypointMl.Tests.Data.Quality;

[TestClass]
public sealed class PriorCheckTests
{
    [TestMethod]
    public void Prior_of_the_same_kind_is_fine_in_all_respects()
    {
        IReadOnlyList<PriorFinding> findings = PriorCheck.Of(new UprightFigures(prior => prior));

        CollectionAssert.AreEqual(
            new[] { "number of poses", "variety", "place", "left and right", "scale", "heading" },
            findings.Select(finding => finding.Check).ToArray());
        Assert.IsTrue(findings.All(finding => finding.Level == FindingLevel.Ok), string.Join('\n', findings));
    }

    [TestMethod]
    public void Prior_of_half_the_size_is_told_with_the_factor_to_put_it_right()
    {
        PriorFinding finding = OnlyWarning(prior => UprightFigures.Map(prior, (point, _) => (point - Middle) / 2 + Middle));

        Assert.AreEqual("scale", finding.Check);
        Assert.Contains("Multiply 'width' and 'height' of the prior by 0.4", finding.Advice);
    }

    [TestMethod]
    public void Prior_that_lies_on_its_side_is_told() => Assert.AreEqual("heading", OnlyWarning(
        prior => UprightFigures.Map(prior, (point, _) => new Vector2(point.Y - Middle.Y, Middle.X - point.X) + Middle)).Check);

    [TestMethod]
    public void Prior_of_which_half_is_mirrored_without_its_names_is_told()
    {
        PriorFinding finding = OnlyWarning(prior => UprightFigures.Map(
            prior, (point, pose) => pose % 2 == 0 ? point : point with { X = prior.Width - 1 - point.X }));

        Assert.AreEqual("left and right", finding.Check);
        Assert.Contains("50 % of the poses", finding.Measured);
    }

    [TestMethod]
    public void Prior_of_bodies_that_turn_around_has_no_wrong_sides()
    {
        // Seen from everywhere: the width goes through 0.
        IReadOnlyList<PriorFinding> findings = PriorCheck.Of(new UprightFigures(prior => UprightFigures.Map(prior, (point, pose) =>
            point with { X = Middle.X + (point.X - Middle.X) * MathF.Cos(MathF.Tau * pose / prior.Poses.Count) })));

        PriorFinding sides = findings.Single(finding => finding.Check == "left and right");
        Assert.AreEqual(FindingLevel.Ok, sides.Level, sides.ToString());
        Assert.Contains("bodies that turn", sides.Measured);
    }

    [TestMethod]
    [DataRow("few", "number of poses", "120 poses")]
    [DataRow("repeated", "number of poses", "87.5 % of them another one again")]
    [DataRow("rigid", "variety", "forms differ by 0 %")]
    [DataRow("still", "variety", "hip is at one place in all poses")]
    [DataRow("other crop", "place", "outside of the 40×40 frame")]
    public void Prior_that_lacks_something_is_told(string what, string check, string measured)
    {
        IReadOnlyList<PriorFinding> findings = PriorCheck.Of(Spoil(what, new UprightFigures(prior => prior).OpenPrior()));

        PriorFinding finding = findings.Single(finding => finding.Level == FindingLevel.Warning);
        Assert.AreEqual(check, finding.Check);
        Assert.Contains(measured, finding.Measured);
        Assert.AreNotEqual("", finding.Advice);
    }

    [TestMethod]
    public void Subjects_that_do_not_stand_out_are_not_judged()
    {
        IReadOnlyList<PriorFinding> findings = PriorCheck.Of(new UprightFigures(prior => prior, ground: 50));

        Assert.AreSequenceEqual(
            ["scale", "heading"], findings.Where(finding => finding.Level == FindingLevel.NotJudged).Select(finding => finding.Check));
        Assert.IsFalse(findings.Any(finding => finding.Level == FindingLevel.Warning));
    }

    private static Vector2 Middle => new(31.5f);

    private static PriorFinding OnlyWarning(Func<PosePrior, PosePrior> change)
    {
        PriorFinding[] warnings = [.. PriorCheck.Of(new UprightFigures(change)).Where(finding => finding.Level == FindingLevel.Warning)];
        Assert.HasCount(1, warnings, string.Join('\n', warnings.Select(finding => finding.ToString())));
        return warnings[0];
    }

    private static PosePrior Spoil(string what, PosePrior prior)
    {
        Vector2[][] poses = [.. prior.Poses];
        return what switch
        {
            "few" => With([.. poses.Take(120)]),
            "repeated" => With([.. Enumerable.Range(0, 400).Select(i => poses[i % 50])]),
            "rigid" => With([.. Enumerable.Range(0, 400).Select(i => Array.ConvertAll(poses[0], point => point + Shift(i)))]),
            "still" => With([.. poses.Select(pose => pose.Select((point, k) => k == 2 ? new Vector2(30, 33) : point).ToArray())]),
            _ => new PosePrior(prior.Skeleton, poses, 40, 40, "spoilt"),
        };

        PosePrior With(Vector2[][] changed) => new(prior.Skeleton, changed, prior.Width, prior.Height, "spoilt");

        static Vector2 Shift(int i)
        {
            var random = new SeededRandom(3, 1, (ulong)i);
            return new Vector2(random.Uniform(-3, 3), random.Uniform(-3, 3));
        }
    }
}
