using System.Diagnostics;
using System.Text;
using KeypointMl.Tests.Data.Trust;

namespace KeypointMl.Training.Tests;

/// <summary>Recipes that are spoiled at random are read or refused with a place.</summary>
[TestClass]
public sealed class RecipeFuzzTests
{
    private const string Good = """
        # A comment.
        name: puppets
        preset: cpu-64
        seed: 1
        data:
          manifest: data-manifests/puppets.yaml
        prior: { rotation_degrees: 5, scale: 0.05, shift: 0.03 }
        training:
          steps: 2500
          betas: [0.5, 0.999]
        losses:
          reconstruction_kind: pyramid-l1
          equivariance: 2
        """;

    [TestMethod]
    public void Spoiled_recipes_are_refused_or_read()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            string spoiled = Encoding.UTF8.GetString(Spoiling.Spoil(good, good, Spoiling.YamlWords, random));
            var watch = Stopwatch.StartNew();
            try
            {
                Recipe.Parse(spoiled, "r.yaml");
            }
            catch (RecipeException refusal)
            {
                Assert.IsTrue(refusal.Problems.All(problem => problem.Where.StartsWith("r.yaml:", StringComparison.Ordinal)), refusal.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"case {i}: {error}\n{spoiled}");
            }
            Assert.IsLessThan(2.0, watch.Elapsed.TotalSeconds, $"case {i}");
        }
    }
}
