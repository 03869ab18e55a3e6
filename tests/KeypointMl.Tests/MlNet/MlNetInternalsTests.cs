using KeypointMl.Rows;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class MlNetInternalsTests
{
    [TestMethod]
    public void Verify_pinned_version_has_all_that_is_reached_for() => MlNetInternals.Verify();
}
