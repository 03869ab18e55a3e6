using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Switches of libtorch that TorchSharp does not show: exported methods of <c>at::Context</c>, called by their compiled
/// names.
/// </summary>
internal static class LibTorchSwitches
{
    // The names as the Itanium C++ ABI (Linux, macOS) and Microsoft's compilers spell them.
    private static readonly string[] Context = ["_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"];
    private static readonly string[] Mkldnn = ["_ZN2at7Context20setUserEnabledMkldnnEb", "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z"];
    private static readonly string[] NnPack = ["_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z"];

    private static readonly string[] CudnnBenchmark = ["_ZN2at7Context17setBenchmarkCuDNNEb", "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z"];

    private static readonly Lazy<nint> Library = new(Find);

    /// <summary>Whether they may, by <see cref="UseOneDnn"/>; true when the process starts.</summary>
    public static bool OneDnn { get; private set; } = true;

    /// <summary>Whether convolutions and recurrent layers may use oneDNN.</summary>
    /// <returns>False where this libtorch has no such switch.</returns>
    public static bool UseOneDnn(bool on)
    {
        bool isSet = Set(Mkldnn, on);
        if (isSet)
            OneDnn = on;
        return isSet;
    }

    /// <summary>
    /// Asks again without oneDNN, some of whose kernels give other values now and then on some processors.
    /// </summary>
    /// <returns>The answer; false where oneDNN was off already, or cannot be turned off.</returns>
    public static bool WithoutOneDnn(Func<bool> ask)
    {
        if (!OneDnn || !UseOneDnn(false))
            return false;
        try
        {
            return ask();
        }
        finally
        {
            UseOneDnn(true);
        }
    }

    /// <summary>
    /// Whether convolutions may use NNPACK. Where the processor does not suit it, libtorch complains on standard error
    /// whenever it would have been used.
    /// </summary>
    public static bool UseNnPack(bool on) => Set(NnPack, on);

    /// <summary>
    /// Whether cuDNN times its algorithms for a convolution when it meets it first
    /// (<c>torch.backends.cudnn.benchmark</c>): sizes of training stay the same.
    /// </summary>
    /// <returns>False where this libtorch has no such switch.</returns>
    public static bool TimeCudnnAlgorithms(bool on) => Set(CudnnBenchmark, on);

    private static unsafe bool Set(string[] names, bool on)
    {
        nint context = Export(Context);
        nint method = Export(names);
        if (context == 0 || method == 0)
            return false;
        void* global = ((delegate* unmanaged[Cdecl]<void*>)context)();
        ((delegate* unmanaged[Cdecl]<void*, byte, void>)method)(global, on ? (byte)1 : (byte)0);
        return true;
    }

    private static nint Export(string[] names)
    {
        foreach (string name in names)
        {
            if (Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, name, out nint address))
                return address;
        }
        return 0;
    }

    private static nint Find()
    {
        global::TorchSharp.torch.InitializeDeviceType(global::TorchSharp.DeviceType.CPU); // loads it
        using var process = Process.GetCurrentProcess();
        string? path = process.Modules.Cast<ProcessModule>().Select(module => module.FileName).FirstOrDefault(
            file => file is not null && Path.GetFileNameWithoutExtension(file) is "libtorch_cpu" or "torch_cpu");
        return path is not null && NativeLibrary.TryLoad(path, out nint library) ? library : 0;
    }
}
