using k8s;
using k8s.Models;
using KeypointMl.Cli.Running;
using KeypointMl.Scoring.Jobs.Working;
using YamlDotNet.Core;

namespace KeypointMl.Cli.Tests;

/// <summary>
/// The manifests in <c>deploy/kubernetes</c>, read by the API's own types: a key that the API does not have, or a value
/// of another type, is an error.
/// </summary>
[TestClass]
public sealed class KubernetesTests
{
    public static IEnumerable<string> Manifests =>
        Directory.GetFiles(RepositoryFiles.Path("deploy/kubernetes"), "*.yaml").Select(path => Path.GetFileName(path));

    [TestMethod]
    [DynamicData(nameof(Manifests))]
    public void Manifest_is_a_job_of_the_api_that_runs_without_root(string name)
    {
        V1Job job = Load(name);
        V1PodSpec pod = job.Spec.Template.Spec;

        Assert.AreEqual(("batch/v1", "Job"), (job.ApiVersion, job.Kind));
        Assert.AreEqual("Never", pod.RestartPolicy); // what podFailurePolicy wants
        Assert.IsTrue(pod.SecurityContext.RunAsNonRoot);
        foreach (V1Container container in pod.Containers)
        {
            Assert.IsFalse(container.SecurityContext.AllowPrivilegeEscalation);
            string[] volumes = [.. pod.Volumes.Select(volume => volume.Name)];
            CollectionAssert.IsSubsetOf(container.VolumeMounts.Select(mount => mount.Name).ToArray(), volumes);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Manifests))]
    public void Manifest_calls_the_command_as_it_is_to_be_called(string name)
    {
        V1Container container = Load(name).Spec.Template.Spec.Containers.Single();

        // There is no such job and no such pipeline here: that is found out after the usage was.
        Assert.AreNotEqual(ExitCode.WrongUsage, Invocation.Of([.. container.Args]).ExitCode);
    }

    [TestMethod]
    public void Scoring_job_tells_its_workers_their_number_and_gives_up_on_what_is_permanent()
    {
        V1JobSpec spec = Load("score.yaml").Spec;
        V1Container container = spec.Template.Spec.Containers.Single();

        Assert.AreEqual("Indexed", spec.CompletionMode);
        Assert.AreEqual($"{spec.Completions}", container.Env.Single(variable => variable.Name == WorkShare.CountVariable).Value);
        V1PodFailurePolicyRule rule = spec.PodFailurePolicy.Rules.Single(rule => rule.Action == "FailJob");
        Assert.AreEqual((container.Name, "In"), (rule.OnExitCodes.ContainerName, rule.OnExitCodes.OperatorProperty));
        CollectionAssert.AreEqual(new int[] { ExitCode.WrongUsage, ExitCode.Permanent }, rule.OnExitCodes.Values.ToArray());
        CollectionAssert.IsSubsetOf(new[] { "--shard", "auto" }, container.Args.ToArray());
    }

    [TestMethod]
    [DataRow("podFailurePolicy", "podFailurePolcy")]
    [DataRow("completions: 16", "completions: many")]
    public void Mistake_in_a_manifest_would_be_found(string right, string wrong)
    {
        string text = File.ReadAllText(RepositoryFiles.Path("deploy/kubernetes/score.yaml"));

        Assert.Contains(right, text);
        Assert.Throws<YamlException>(() => KubernetesYaml.Deserialize<V1Job>(text.Replace(right, wrong), strict: true));
    }

    private static V1Job Load(string name) =>
        KubernetesYaml.Deserialize<V1Job>(File.ReadAllText(RepositoryFiles.Path($"deploy/kubernetes/{name}")), strict: true);
}
