using KeypointMl.Inference.Detection;
using KeypointMl.Serving;

#pragma warning disable IDE0130 // where the methods of every package that registers services are found
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers detectors in an application's services.</summary>
public static class KeypointMlServices
{
    private const string ModelName = "detector.onnx";

    extension(IServiceCollection services)
    {
        /// <summary>
        /// Registers a <see cref="KeypointDetector"/> and the <see cref="KeypointPredictorPool"/> over it, one of each
        /// for the application. The model is loaded when one of them is first asked for; the application's end disposes
        /// of both.
        /// </summary>
        /// <param name="modelPath">A <c>detector.onnx</c>.</param>
        /// <param name="detector">Device and threads.</param>
        /// <param name="pool">Concurrency, batches, limits.</param>
        /// <returns>The same services.</returns>
        public IServiceCollection AddKeypointDetector(
            string modelPath, KeypointDetectorOptions detector = default, KeypointPredictorOptions pool = default)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentException.ThrowIfNullOrEmpty(modelPath);
            return Add(services, () => KeypointDetector.Load(modelPath, detector), pool);
        }

        /// <summary>The same for a model in memory, such as one of the packages <c>KeypointMl.Models</c>: no file is needed.</summary>
        /// <param name="model">The bytes of a <c>detector.onnx</c>.</param>
        /// <param name="detector">Device and threads.</param>
        /// <param name="pool">Concurrency, batches, limits.</param>
        /// <returns>The same services.</returns>
        public IServiceCollection AddKeypointDetector(
            byte[] model, KeypointDetectorOptions detector = default, KeypointPredictorOptions pool = default)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentNullException.ThrowIfNull(model);
            return Add(services, () => KeypointDetector.Load(model, ModelName, detector), pool);
        }

        /// <summary>
        /// As <c>AddKeypointDetector</c> under a key, for applications with several models: ask with
        /// <c>[FromKeyedServices(key)]</c>.
        /// </summary>
        /// <param name="serviceKey">What to ask for it by.</param>
        /// <param name="modelPath">A <c>detector.onnx</c>.</param>
        /// <param name="detector">Device and threads.</param>
        /// <param name="pool">Concurrency, batches, limits.</param>
        /// <returns>The same services.</returns>
        public IServiceCollection AddKeyedKeypointDetector(
            object serviceKey,
            string modelPath,
            KeypointDetectorOptions detector = default,
            KeypointPredictorOptions pool = default)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentNullException.ThrowIfNull(serviceKey);
            ArgumentException.ThrowIfNullOrEmpty(modelPath);
            return AddKeyed(services, serviceKey, () => KeypointDetector.Load(modelPath, detector), pool);
        }

        /// <summary>The same for a model in memory.</summary>
        /// <param name="serviceKey">What to ask for it by.</param>
        /// <param name="model">The bytes of a <c>detector.onnx</c>.</param>
        /// <param name="detector">Device and threads.</param>
        /// <param name="pool">Concurrency, batches, limits.</param>
        /// <returns>The same services.</returns>
        public IServiceCollection AddKeyedKeypointDetector(
            object serviceKey, byte[] model, KeypointDetectorOptions detector = default, KeypointPredictorOptions pool = default)
        {
            ArgumentNullException.ThrowIfNull(services);
            ArgumentNullException.ThrowIfNull(serviceKey);
            ArgumentNullException.ThrowIfNull(model);
            return AddKeyed(services, serviceKey, () => KeypointDetector.Load(model, ModelName, detector), pool);
        }
    }

    private static IServiceCollection Add(
        IServiceCollection services, Func<KeypointDetector> load, KeypointPredictorOptions pool) => services
        .AddSingleton(_ => load())
        .AddSingleton(provider =>
            new KeypointPredictorPool(provider.GetRequiredService<KeypointDetector>(), pool, provider.GetService<TimeProvider>()));

    private static IServiceCollection AddKeyed(
        IServiceCollection services, object serviceKey, Func<KeypointDetector> load, KeypointPredictorOptions pool) => services
        .AddKeyedSingleton(serviceKey, (_, _) => load())
        .AddKeyedSingleton(serviceKey, (provider, key) =>
            new KeypointPredictorPool(provider.GetRequiredKeyedService<KeypointDetector>(key), pool, provider.GetService<TimeProvider>()));
}
