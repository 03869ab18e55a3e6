using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>What this process can do with CUDA.</summary>
internal interface ICudaRuntime
{
    /// <summary>Whether libtorch's CUDA half is beside the application.</summary>
    bool IsBuiltIn { get; }

    /// <summary>The CUDA devices that libtorch finds.</summary>
    int Devices { get; }

    /// <summary>The name of a device, such as <c>NVIDIA L4</c>.</summary>
    string NameOf(int device);
}

/// <summary>This process's, as TorchSharp and NVIDIA's driver tell it.</summary>
internal sealed unsafe class CudaRuntime : ICudaRuntime
{
    private const string Unknown = "a CUDA device";
    private const int NameBytes = 128;

    /// <summary>The one there is.</summary>
    public static CudaRuntime Current { get; } = new();

    public bool IsBuiltIn => NativeLibrary.TryLoad("torch_cuda", typeof(TorchSharp.torch).Assembly, null, out _);

    public int Devices => cuda.is_available() ? cuda.device_count() : 0;

    // TorchSharp names no devices; the driver, whose numbers are CUDA's, does.
    public string NameOf(int device)
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver))
            return Unknown;
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out nint initialise)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out nint get)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out nint name))
            return Unknown;
        int handle;
        byte* text = stackalloc byte[NameBytes];
        bool found = ((delegate* unmanaged<uint, int>)initialise)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)get)(&handle, device) == 0
            && ((delegate* unmanaged<byte*, int, int, int>)name)(text, NameBytes, handle) == 0;
        return found ? Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)) : Unknown;
    }
}
