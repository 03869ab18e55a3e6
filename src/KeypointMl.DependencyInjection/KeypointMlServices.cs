using KeypointMl.Inference.Detection;
using KeypointMl.Serving;

#pragma warning disable IDE0130 // where the methods of every package that registers services are found
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers detectors in an application's services.</summary>
public static class KeypointMlServices
{
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
            return services
                .AddSingleton(_ => KeypointDetector.Load(modelPath, detector))
                .AddSingleton(provider =>
                    new KeypointPredictorPool(provider.GetRequiredService<KeypointDetector>(), pool, provider.GetService<TimeProvider>()));
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
            return services
                .AddKeyedSingleton(serviceKey, (_, _) => KeypointDetector.Load(modelPath, detector))
                .AddKeyedSingleton(serviceKey, (provider, key) =>
                    new KeypointPredictorPool(
                        provider.GetRequiredKeyedService<KeypointDetector>(key), pool, provider.GetService<TimeProvider>()));
        }
    }
}
