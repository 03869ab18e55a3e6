using KeypointMl.Studio.Hosting;

namespace KeypointMl.Studio.Tests.Hosting;

/// <summary>What a start leaves that fails.</summary>
[TestClass]
[DoNotParallelize]
public sealed class WrongStartTests
{
    [TestMethod]
    public async Task Start_that_fails_leaves_no_temporary_folder()
    {
        using var folder = new TemporaryFolder();
        string[] before = Temporary();

        await Assert.ThrowsExactlyAsync<FileNotFoundException>(
            () => StudioServer.StartAsync(new StudioOptions { Files = [folder["nosuch"]] }));
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(
            () => StudioServer.StartAsync(new StudioOptions { Models = [folder["nosuch"]] }));

        Assert.IsEmpty(Temporary().Except(before));
    }

    private static string[] Temporary() => Directory.GetDirectories(Path.GetTempPath(), "keypointml-studio-*");
}
