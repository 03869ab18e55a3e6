"""The training step of KeypointMl in PyTorch, eager: the same networks, losses, batch and order of updates, written as PyTorch is usually written. Times steps on random images.

What each part is, and where it comes from, is said in src/KeypointMl.Training (Networks, Losses, Methods/KeypointGan.cs). The defaults are those of the recipe
pipelines/train/puppets.yaml and its preset, cpu-64. Runs on PyTorch 1.13 and newer.
"""
import argparse
import copy
import json
import math
import random
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

# The puppets' skeleton (src/KeypointMl.Data/Puppets/Body/PuppetSkeleton.cs).
KEYPOINTS = 15
EDGES = [(0, 1), (1, 2), (1, 3), (3, 4), (4, 5), (1, 6), (6, 7), (7, 8), (2, 9), (9, 10), (10, 11), (2, 12), (12, 13), (13, 14)]


# Networks

class ConvBlock(nn.Sequential):
    def __init__(self, inputs, outputs, norm, kernel=3, stride=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=norm is not nn.BatchNorm2d),
            norm(outputs),
            nn.ReLU(inplace=True))


class Trunk(nn.Module):
    """[N,C,H,W] to w, 2w, 4w, 8w channels at 1, 1/2, 1/4, 1/8 of the size."""

    def __init__(self, inputs, width, norm):
        super().__init__()
        self.levels = nn.ModuleList()
        for level in range(4):
            outputs = width << level
            first = ConvBlock(inputs, outputs, norm, kernel=7 if level == 0 else 3, stride=1 if level == 0 else 2)
            self.levels.append(nn.Sequential(first, ConvBlock(outputs, outputs, norm)))
            inputs = outputs

    def forward(self, x):
        features = []
        for level in self.levels:
            x = level(x)
            features.append(x)
        return features


def upsample():
    return nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)


class PoseEncoder(nn.Module):
    """Phi: image to skeleton image."""

    def __init__(self, width):
        super().__init__()
        self.trunk = Trunk(3, width, nn.BatchNorm2d)
        deep = 8 * width
        self.bottleneck = nn.Sequential(nn.Conv2d(deep, deep, 1), ConvBlock(deep, deep, nn.BatchNorm2d), ConvBlock(deep, deep, nn.BatchNorm2d), upsample())
        self.merge_quarter = self.merge(8 * width, 4 * width)
        self.merge_half = self.merge(4 * width, 2 * width)
        self.merge_full = nn.Sequential(
            nn.Conv2d(3 * width, 2 * width, 1, bias=False), ConvBlock(2 * width, width, nn.BatchNorm2d), nn.Conv2d(width, 1, 3, padding=1))

    @staticmethod
    def merge(below, skip):
        return nn.Sequential(
            nn.Conv2d(below + skip, below, 1, bias=False), ConvBlock(below, below // 2, nn.BatchNorm2d), ConvBlock(below // 2, below // 2, nn.BatchNorm2d), upsample())

    def forward(self, image):
        full, half, quarter, eighth = self.trunk(image)
        x = self.merge_quarter(torch.cat([self.bottleneck(eighth), quarter], 1))
        x = self.merge_half(torch.cat([x, half], 1))
        return self.merge_full(torch.cat([x, full], 1))


class KeypointRegressor(nn.Module):
    """Eta: skeleton image to keypoints [N,K,2], (x,y) in [-1,1]."""

    def __init__(self, keypoints, width):
        super().__init__()
        self.trunk = Trunk(1, width, nn.InstanceNorm2d)
        self.heatmaps = nn.Conv2d(8 * width, keypoints, 1)

    def forward(self, skeleton_image):
        maps = self.heatmaps(self.trunk(skeleton_image)[-1])
        return torch.stack([self.expectation(maps.mean(2)), self.expectation(maps.mean(3))], -1)

    @staticmethod
    def expectation(logits):
        return (logits.softmax(-1) * torch.linspace(-1, 1, logits.shape[-1])).sum(-1)


class SkeletonRenderer(nn.Module):
    """Beta: keypoints to skeleton image, every pixel by its nearest edge, in closed form."""

    def __init__(self, edges, size, sigma_squared):
        super().__init__()
        self.starts, self.ends = (list(ends) for ends in zip(*edges))
        self.size, self.sigma_squared = size, sigma_squared
        axis = torch.linspace(-1, 1, size)
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        self.register_buffer("x", x.reshape(1, 1, -1), persistent=False)
        self.register_buffer("y", y.reshape(1, 1, -1), persistent=False)

    def forward(self, keypoints):
        ax, ay = keypoints[:, self.starts].unsqueeze(-1).unbind(2)  # [N,E,1]
        bx, by = keypoints[:, self.ends].unsqueeze(-1).unbind(2)
        dx, dy = bx - ax, by - ay
        from_x, from_y = self.x - ax, self.y - ay                   # [N,E,H*W]
        t = ((from_x * dx + from_y * dy) / (dx * dx + dy * dy).clamp(min=1e-6)).clamp(0, 1)
        squared = ((from_x - t * dx) ** 2 + (from_y - t * dy) ** 2).min(1).values
        value = torch.exp(-(squared + 1e-6).sqrt() / self.sigma_squared)
        return (2 * value - 1).reshape(-1, 1, self.size, self.size)


class ConditionalGenerator(nn.Module):
    """Psi: skeleton image and another frame to image."""

    def __init__(self, width):
        super().__init__()
        self.pose = Trunk(1, width, nn.BatchNorm2d)
        self.pose_bottleneck = nn.Conv2d(8 * width, 8 * width, 1)
        self.style = Trunk(3, width, nn.BatchNorm2d)
        self.style_bottleneck = nn.Conv2d(8 * width, 8 * width, 1)
        layers, channels = [], 16 * width
        for level in (3, 2, 1):
            layers += [ConvBlock(channels, width << level, nn.BatchNorm2d), ConvBlock(width << level, width << level, nn.BatchNorm2d), upsample()]
            channels = width << level
        self.decoder = nn.Sequential(*layers, ConvBlock(channels, width, nn.BatchNorm2d), nn.Conv2d(width, 3, 3, padding=1))

    def forward(self, skeleton_image, style):
        pose = self.pose_bottleneck(self.pose(skeleton_image)[-1])
        return self.decoder(torch.cat([pose, self.style_bottleneck(self.style(style)[-1])], 1))


class PoseDiscriminator(nn.Module):
    """D: skeleton image to the score maps of a PatchGAN for each scale."""

    def __init__(self, width, layers, scales):
        super().__init__()
        self.patches = nn.ModuleList(self.patch_gan(width, layers) for _ in range(scales))

    @staticmethod
    def patch_gan(width, layers):
        parts, channels = [nn.Conv2d(1, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)], width
        for layer in range(1, layers + 1):
            outputs = width * min(1 << layer, 8)
            parts += [nn.Conv2d(channels, outputs, 4, stride=2 if layer < layers else 1, padding=1), nn.InstanceNorm2d(outputs), nn.LeakyReLU(0.2, inplace=True)]
            channels = outputs
        return nn.Sequential(*parts, nn.Conv2d(channels, 1, 4, padding=1))

    def forward(self, skeleton_image):
        scores = []
        for scale, patch in enumerate(self.patches):
            if scale > 0:
                skeleton_image = F.interpolate(skeleton_image, scale_factor=0.5, mode="bilinear", align_corners=False, recompute_scale_factor=True)
            scores.append(patch(skeleton_image))
        return scores


def initialise(module):
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
        nn.init.zeros_(module.bias)


# Losses

class ReconstructionLoss:
    """Over the image and its average-pooled halves, each level's distance over its running mean."""

    def __init__(self, distance, levels=4, momentum=0.99):
        self.distance, self.levels, self.momentum = distance, levels, momentum
        self.means = None

    def __call__(self, predicted, target):
        losses = []
        for level in range(self.levels):
            if level > 0:
                predicted, target = F.avg_pool2d(predicted, 2), F.avg_pool2d(target, 2)
            losses.append(self.distance(predicted, target))
        values = [loss.item() for loss in losses]
        self.means = values if self.means is None else [self.momentum * mean + (1 - self.momentum) * value for mean, value in zip(self.means, values)]
        return sum(loss / max(mean, 1e-12) for loss, mean in zip(losses, self.means)) / self.levels


def score_distance(scores, target):
    return sum((score - target).square().mean() for score in scores) / len(scores)


class ImagePool:
    """D's history of earlier fakes: once it is full, every other image is swapped with a stored one."""

    def __init__(self, capacity=50):
        self.capacity, self.images = capacity, []

    def query(self, batch):
        result = []
        for image in batch:
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif random.random() < 0.5:
                slot = random.randrange(self.capacity)
                image, self.images[slot] = self.images[slot], image.clone()
            result.append(image)
        return torch.stack(result)


# Augmentation. An affine [N,2,3] says where each output pixel is sampled in the input.

def random_affine(count, degrees, scale, shift):
    angle = (torch.rand(count) * 2 - 1) * math.radians(degrees)
    factor = 1 + (torch.rand(count) * 2 - 1) * scale
    cos, sin = factor * angle.cos(), factor * angle.sin()
    x, y = (2 * shift * (torch.rand(2, count) * 2 - 1)).unbind(0)
    return torch.stack([torch.stack([cos, -sin, x], -1), torch.stack([sin, cos, y], -1)], 1)


def compose(outer, inner):
    linear = outer[:, :, :2] @ inner
    return torch.cat([linear[:, :, :2], linear[:, :, 2:] + outer[:, :, 2:]], 2)


def warp(images, affine):
    grid = F.affine_grid(affine, images.shape, align_corners=True)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=True)


def to_original(keypoints, affine):
    return keypoints @ affine[:, :, :2].transpose(1, 2) + affine[:, :, 2:].transpose(1, 2)


# Training

class Model:
    def __init__(self, options):
        self.phi = PoseEncoder(options.width)
        self.eta = KeypointRegressor(KEYPOINTS, options.regressor_width)
        self.beta = SkeletonRenderer(EDGES, options.size, sigma_squared=0.06)
        self.psi = ConditionalGenerator(options.generator_width)
        self.d = PoseDiscriminator(options.discriminator_width, options.discriminator_layers, options.discriminator_scales)
        for network in self.networks().values():
            network.apply(initialise)
            if options.memory_format == "channels-last":
                network.to(memory_format=torch.channels_last)
        self.averages = {name: copy.deepcopy(self.networks()[name]).eval() for name in ("phi", "eta", "psi")}

    def networks(self):
        return {"phi": self.phi, "eta": self.eta, "psi": self.psi, "d": self.d}

    @torch.no_grad()
    def update_averages(self, names, step):
        decay = min(0.99, (1 + step) / (10 + step))
        for name in names:
            for average, value in zip(self.averages[name].state_dict().values(), self.networks()[name].state_dict().values()):
                if average.is_floating_point():
                    average.lerp_(value, 1 - decay)
                else:
                    average.copy_(value)


class Optimiser:
    """Adam for some networks, each with its own gradient norm."""

    def __init__(self, networks, rate, betas=(0.5, 0.999)):
        self.networks = networks
        self.adams = [torch.optim.Adam(network.parameters(), rate, betas) for network in networks]

    def minimise(self, loss):
        for adam in self.adams:
            adam.zero_grad(set_to_none=True)
        loss.backward()
        for network, adam in zip(self.networks, self.adams):
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            adam.step()


class Pretraining:
    """Eta alone, on rendered prior poses."""

    def __init__(self, model, options):
        self.model, self.options = model, options
        self.optimiser = Optimiser([model.eta], 1e-3, (0.9, 0.999))

    def step(self, step):
        target = random_poses(self.options.pretraining_batch)
        loss = F.mse_loss(self.model.eta(self.model.beta(target)), target)
        self.optimiser.minimise(loss)
        self.model.update_averages(["eta"], step)
        return loss.item()


class Training:
    """Phi and psi, then D, then eta."""

    def __init__(self, model, options):
        self.model, self.options = model, options
        self.frames = torch.randint(0, 256, (256, options.size, options.size, 3), dtype=torch.uint8)
        self.reconstruction = ReconstructionLoss(F.l1_loss if options.reconstruction == "l1" else F.mse_loss)
        self.pool = ImagePool()
        self.generators = Optimiser([model.phi, model.psi], 1e-3)
        self.discriminator = Optimiser([model.d], 4e-4)
        self.regressor = Optimiser([model.eta], 1e-3)

    def step(self, step):
        x, style, first, view, second = self.batch()
        poses = random_poses(self.options.batch)
        prior = self.model.beta(poses)
        y, losses = self.update_generators(x, style, first, view, second)
        losses += [self.update_discriminator(prior, y), *self.update_regressor(prior, poses, y)]
        self.model.update_averages(["phi", "eta", "psi"], step)
        return losses

    def batch(self):
        frames, style = self.load(), self.load()
        first = random_affine(len(frames), 5, 0.05, 0.03)
        second = compose(first, random_affine(len(frames), 22.5, 0.15, 0.075))
        return self.laid_out(warp(frames, first)), style, first, self.laid_out(warp(frames, second)), second

    def load(self):
        frames = self.frames[torch.randint(len(self.frames), (self.options.batch,))]
        return self.laid_out(frames.float().div_(127.5).sub_(1).permute(0, 3, 1, 2))

    def laid_out(self, images):
        return images.contiguous(memory_format=torch.contiguous_format if self.options.memory_format == "contiguous" else torch.channels_last)

    def update_generators(self, x, style, first, view, second):
        model = self.model
        model.eta.requires_grad_(False)
        model.d.requires_grad_(False)
        all_y = model.phi(torch.cat([x, view]))
        all_p = model.eta(all_y)
        y, p = all_y[:len(x)], all_p[:len(x)]
        image = model.psi(model.beta(p), style)
        reconstruction = self.reconstruction(image, x)
        adversarial = score_distance(model.d(y), 1)
        apart = to_original(p, first) - to_original(all_p[len(x):], second)
        equivariance = 25 * apart.square().sum(-1).mean()
        self.generators.minimise(10 * reconstruction + 10 * adversarial + 2 * equivariance)
        model.eta.requires_grad_(True)
        model.d.requires_grad_(True)
        return y.detach(), [reconstruction.item(), adversarial.item(), equivariance.item()]

    def update_discriminator(self, prior, y):
        fake = self.pool.query(y)
        loss = 0.5 * (score_distance(self.model.d(prior), 1) + score_distance(self.model.d(fake), 0))
        self.discriminator.minimise(loss)
        return loss.item()

    def update_regressor(self, prior, poses, y):
        p = self.model.eta(torch.cat([prior, y]))
        on_prior = F.mse_loss(p[:len(prior)], poses)
        on_images = F.mse_loss(self.model.beta(p[len(prior):]), y)
        self.regressor.minimise(0.9 * on_prior + 0.1 * on_images)
        return on_prior.item(), on_images.item()


def random_poses(count):
    return torch.rand(count, KEYPOINTS, 2) * 2 - 1


# The command

def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phase", choices=["training", "pretraining"], default="training", help="the joint training, or the pre-training of eta")
    parser.add_argument("--batch", type=int, default=16, help="pairs of frames in a step of the training")
    parser.add_argument("--pretraining-batch", type=int, default=32, help="poses in a step of the pre-training")
    parser.add_argument("--size", type=int, default=64, help="of the frames, in pixels")
    parser.add_argument("--width", type=int, default=10, help="of phi")
    parser.add_argument("--generator-width", type=int, default=8, help="of psi")
    parser.add_argument("--regressor-width", type=int, default=10, help="of eta")
    parser.add_argument("--discriminator-width", type=int, default=16)
    parser.add_argument("--discriminator-layers", type=int, default=3)
    parser.add_argument("--discriminator-scales", type=int, default=2)
    parser.add_argument("--reconstruction", choices=["l1", "l2"], default="l1")
    parser.add_argument("--memory-format", choices=["channels-last-input", "channels-last", "contiguous"], default="channels-last-input",
                        help="of the images (channels-last-input, as KeypointMl has it), of images and weights, or of neither")
    parser.add_argument("--threads", type=int, default=0, help="0: PyTorch's own choice")
    parser.add_argument("--steps", type=int, default=30, help="how many steps are timed")
    parser.add_argument("--warmup", type=int, default=10, help="how many steps go before them")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    return parser.parse_args()


def main():
    options = parse()
    if options.threads > 0:
        torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    random.seed(1)
    model = Model(options)
    phase = Training(model, options) if options.phase == "training" else Pretraining(model, options)
    for step in range(options.warmup):
        phase.step(step)
    if options.profile:
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
            for step in range(options.steps):
                phase.step(options.warmup + step)
        print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=15, max_name_column_width=60))
        return
    seconds = []
    for step in range(options.steps):
        start = time.perf_counter()
        phase.step(options.warmup + step)
        seconds.append(time.perf_counter() - start)
    result = {
        "phase": options.phase,
        "batch": options.batch if options.phase == "training" else options.pretraining_batch,
        "size": options.size,
        "parameters": {name: sum(parameter.numel() for parameter in network.parameters()) for name, network in model.networks().items()},
        "seconds": seconds,
        "median": statistics.median(seconds),
        "threads": torch.get_num_threads(),
        "versions": f"PyTorch {torch.__version__}",
    }
    if options.json:
        print(json.dumps(result))
        return
    print(f"{result['phase']}, batch {result['batch']}, {options.size}×{options.size} pixels, {result['threads']} threads; {result['versions']}")
    print("parameters: " + ", ".join(f"{name} {count}" for name, count in result["parameters"].items()))
    print("seconds: " + " ".join(f"{value:.4f}" for value in seconds))
    print(f"median {result['median']:.4f}, from {min(seconds):.4f} to {max(seconds):.4f}")


if __name__ == "__main__":
    main()
