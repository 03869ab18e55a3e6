using System.Collections.Concurrent;
using KeypointMl.Inference.Streaming;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class WorkThreadsTests
{
    [TestMethod]
    public async Task Work_is_done_on_the_same_threads_however_much_there_is()
    {
        var seen = new ConcurrentDictionary<int, bool>();
        using (var threads = new WorkThreads(2, "test"))
            await Task.WhenAll(Enumerable.Range(0, 200)
                .Select(_ => threads.RunAsync(() => seen.TryAdd(Environment.CurrentManagedThreadId, true))));

        Assert.IsLessThanOrEqualTo(2, seen.Count);
        Assert.IsFalse(seen.ContainsKey(Environment.CurrentManagedThreadId));
    }

    [TestMethod]
    public async Task One_thread_does_work_in_order_and_exceptions_come_back()
    {
        using var threads = new WorkThreads(1, "test");
        var order = new List<int>();

        Task first = threads.RunAsync(() => order.Add(1));
        Task failing = threads.RunAsync(() => throw new InvalidDataException("as expected"));
        await threads.RunAsync(() => order.Add(3));

        Assert.IsTrue(first.IsCompletedSuccessfully);
        InvalidDataException exception = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => failing);
        Assert.AreEqual("as expected", exception.Message);
        CollectionAssert.AreEqual(new[] { 1, 3 }, order);
    }

    [TestMethod]
    public void Dispose_waits_for_work_that_was_given()
    {
        int done = 0;
        using (var threads = new WorkThreads(1, "test"))
        {
            for (int i = 0; i < 5; i++)
                _ = threads.RunAsync(() => { Thread.Sleep(10); done++; });
        }
        Assert.AreEqual(5, done);
    }
}
