//! The second reader's sense of order: a small gated convolution over the tokens of a text (Dauphin et al. 2017), which
//! sees who stands before which deed; reading forwards, and back again to what each token did.

mod table;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, Slice};

use crate::weights::QUEUES;

pub use table::Table;

/// Numbers that stand for a token.
pub const WIDTH: usize = 48;
/// Numbers between the pooled text and the queues.
const HIDDEN: usize = 64;
/// How far each layer looks to either side, in tokens.
const REACHES: [usize; 3] = [1, 2, 4];
/// A text is read to this token.
pub const LONGEST: usize = 160;

/// The parameters that all texts share, one after the other, so that what adds, scales or writes them needs no names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dense(pub Vec<f32>);

/// One of the matrices in [`Dense`]; a bias is a matrix of one row.
#[derive(Clone, Copy)]
enum Part {
    Layer(usize),
    LayerBias(usize),
    Hidden,
    HiddenBias,
    Out,
    OutBias,
}

impl Part {
    fn all() -> impl Iterator<Item = Part> {
        let layers = (0..REACHES.len()).flat_map(|layer| [Part::Layer(layer), Part::LayerBias(layer)]);
        layers.chain([Part::Hidden, Part::HiddenBias, Part::Out, Part::OutBias])
    }

    fn shape(self) -> [usize; 2] {
        match self {
            Part::Layer(_) => [3 * WIDTH, 2 * WIDTH],
            Part::LayerBias(_) => [1, 2 * WIDTH],
            Part::Hidden => [2 * WIDTH, HIDDEN],
            Part::HiddenBias => [1, HIDDEN],
            Part::Out => [HIDDEN, QUEUES],
            Part::OutBias => [1, QUEUES],
        }
    }

    fn len(self) -> usize {
        self.shape().iter().product()
    }

    fn start(self) -> usize {
        let layer = Part::Layer(0).len() + Part::LayerBias(0).len();
        match self {
            Part::Layer(at) => at * layer,
            Part::LayerBias(at) => at * layer + Part::Layer(0).len(),
            Part::Hidden => REACHES.len() * layer,
            Part::HiddenBias => Part::Hidden.start() + Part::Hidden.len(),
            Part::Out => Part::HiddenBias.start() + Part::HiddenBias.len(),
            Part::OutBias => Part::Out.start() + Part::Out.len(),
        }
    }
}

impl Dense {
    /// All nought: what gradients are added up in.
    pub fn zero() -> Dense {
        Dense(vec![0.0; Part::all().map(Part::len).sum()])
    }

    /// What training begins with: each matrix drawn from `random` (evenly from -1 to 1), so small that sums of many
    /// stay near one; biases nought.
    pub fn begin(mut random: impl FnMut() -> f32) -> Dense {
        let mut dense = Dense::zero();
        for part in [Part::Hidden, Part::Out].into_iter().chain((0..REACHES.len()).map(Part::Layer)) {
            let spread = (3.0 / part.shape()[0] as f32).sqrt();
            dense.of_mut(part).mapv_inplace(|_| random() * spread);
        }
        dense
    }

    fn of(&self, part: Part) -> ArrayView2<'_, f32> {
        let numbers = &self.0[part.start()..part.start() + part.len()];
        ArrayView2::from_shape(part.shape(), numbers).expect("a part is as long as its shape")
    }

    fn of_mut(&mut self, part: Part) -> ArrayViewMut2<'_, f32> {
        let numbers = &mut self.0[part.start()..part.start() + part.len()];
        ArrayViewMut2::from_shape(part.shape(), numbers).expect("a part is as long as its shape")
    }

    /// Reads a text: a row of [`WIDTH`] numbers a token. `keep` is what each pooled number is multiplied by in training
    /// (dropout, Srivastava et al. 2014).
    pub fn read(&self, tokens: Array2<f32>, keep: Option<&Array1<f32>>) -> Sight {
        let mut steps: Vec<Step> = Vec::new();
        let mut seen = tokens;
        for (layer, reach) in REACHES.into_iter().enumerate() {
            let around = gather(&seen, reach);
            let both = around.dot(&self.of(Part::Layer(layer))) + self.of(Part::LayerBias(layer));
            let value = columns(&both, 0).to_owned();
            let gate = columns(&both, 1).mapv(|x| 1.0 / (1.0 + (-x).exp()));
            seen = seen + &value * &gate;
            steps.push(Step { around, value, gate });
        }
        let best: Vec<usize> = seen
            .axis_iter(Axis(1))
            .map(|column| {
                (1..column.len()).fold(0, |best, at| if column[at] > column[best] { at } else { best })
            })
            .collect();
        let mut pooled = Array1::zeros(2 * WIDTH);
        if !seen.is_empty() {
            best.iter().enumerate().for_each(|(at, row)| pooled[at] = seen[[*row, at]]);
            pooled
                .slice_axis_mut(Axis(0), Slice::from(WIDTH..))
                .assign(&seen.mean_axis(Axis(0)).expect("there are tokens"));
        }
        if let Some(keep) = keep {
            pooled *= keep;
        }
        let pooled = pooled.insert_axis(Axis(0));
        let hidden = (pooled.dot(&self.of(Part::Hidden)) + self.of(Part::HiddenBias)).mapv(|x| x.max(0.0));
        let out = hidden.dot(&self.of(Part::Out)) + self.of(Part::OutBias);
        Sight {
            tokens: seen.nrows(),
            steps,
            best,
            pooled,
            hidden,
            out: std::array::from_fn(|at| out[[0, at]]),
        }
    }

    /// From how much each queue's number is to change (`wish`) back to how much each number of each token moves it;
    /// what each parameter moves it is added to `moved`.
    pub fn back(
        &self,
        sight: &Sight,
        wish: [f32; QUEUES],
        keep: Option<&Array1<f32>>,
        moved: &mut Dense,
    ) -> Array2<f32> {
        let wish = ArrayView2::from_shape([1, QUEUES], &wish).expect("one row");
        moved.of_mut(Part::Out).scaled_add(1.0, &sight.hidden.t().dot(&wish));
        moved.of_mut(Part::OutBias).scaled_add(1.0, &wish);
        let mut hidden = wish.dot(&self.of(Part::Out).t());
        hidden.zip_mut_with(&sight.hidden, |wish, value| *wish *= f32::from(u8::from(*value > 0.0)));
        moved.of_mut(Part::Hidden).scaled_add(1.0, &sight.pooled.t().dot(&hidden));
        moved.of_mut(Part::HiddenBias).scaled_add(1.0, &hidden);
        let mut pooled = hidden.dot(&self.of(Part::Hidden).t()).remove_axis(Axis(0));
        if let Some(keep) = keep {
            pooled *= keep;
        }
        let mean = &pooled.slice_axis(Axis(0), Slice::from(WIDTH..)) / sight.tokens.max(1) as f32;
        let mut seen = Array2::zeros([sight.tokens, WIDTH]);
        seen.rows_mut().into_iter().for_each(|mut row| row.assign(&mean));
        if sight.tokens > 0 {
            sight.best.iter().enumerate().for_each(|(at, row)| seen[[*row, at]] += pooled[at]);
        }
        for (layer, step) in sight.steps.iter().enumerate().rev() {
            let mut both = Array2::zeros([sight.tokens, 2 * WIDTH]);
            columns_mut(&mut both, 0).assign(&(&seen * &step.gate));
            let slope = step.gate.mapv(|gate| gate * (1.0 - gate));
            columns_mut(&mut both, 1).assign(&(&seen * &step.value * &slope));
            moved.of_mut(Part::Layer(layer)).scaled_add(1.0, &step.around.t().dot(&both));
            moved
                .of_mut(Part::LayerBias(layer))
                .scaled_add(1.0, &both.sum_axis(Axis(0)).insert_axis(Axis(0)));
            scatter(&both.dot(&self.of(Part::Layer(layer)).t()), REACHES[layer], &mut seen);
        }
        seen
    }
}

/// What was seen of a text on the way through the layers.
#[derive(Clone, Debug)]
pub struct Sight {
    tokens: usize,
    steps: Vec<Step>,
    /// The token that each of the first pooled numbers is of.
    best: Vec<usize>,
    pooled: Array2<f32>,
    hidden: Array2<f32>,
    /// What speaks for each queue.
    pub out: [f32; QUEUES],
}

/// What one layer saw.
#[derive(Clone, Debug)]
struct Step {
    around: Array2<f32>,
    value: Array2<f32>,
    gate: Array2<f32>,
}

/// The columns of one of the blocks of [`WIDTH`] that stand side by side.
fn columns(of: &Array2<f32>, block: usize) -> ArrayView2<'_, f32> {
    of.slice_axis(Axis(1), Slice::from(block * WIDTH..(block + 1) * WIDTH))
}

fn columns_mut(of: &mut Array2<f32>, block: usize) -> ArrayViewMut2<'_, f32> {
    of.slice_axis_mut(Axis(1), Slice::from(block * WIDTH..(block + 1) * WIDTH))
}

/// The first `count` rows, or the last.
fn ends(tokens: usize, count: usize) -> [Slice; 2] {
    [Slice::from(..count), Slice::from(tokens - count..)]
}

/// Each token beside the ones `reach` before and after it.
fn gather(seen: &Array2<f32>, reach: usize) -> Array2<f32> {
    let tokens = seen.nrows();
    let [first, last] = ends(tokens, tokens.saturating_sub(reach));
    let mut around = Array2::zeros([tokens, 3 * WIDTH]);
    columns_mut(&mut around, 0).slice_axis_mut(Axis(0), last).assign(&seen.slice_axis(Axis(0), first));
    columns_mut(&mut around, 1).assign(seen);
    columns_mut(&mut around, 2).slice_axis_mut(Axis(0), first).assign(&seen.slice_axis(Axis(0), last));
    around
}

/// The way back of [`gather`], added to `seen`.
fn scatter(around: &Array2<f32>, reach: usize, seen: &mut Array2<f32>) {
    let tokens = seen.nrows();
    let [first, last] = ends(tokens, tokens.saturating_sub(reach));
    seen.slice_axis_mut(Axis(0), first).scaled_add(1.0, &columns(around, 0).slice_axis(Axis(0), last));
    seen.scaled_add(1.0, &columns(around, 1));
    seen.slice_axis_mut(Axis(0), last).scaled_add(1.0, &columns(around, 2).slice_axis(Axis(0), first));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look drawn and are always the same.
    fn drawn() -> impl FnMut() -> f32 {
        let mut state = 7_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        }
    }

    #[test]
    fn the_way_back_is_the_slope_of_the_way_there() {
        let mut random = drawn();
        let dense = Dense::begin(&mut random);
        for tokens in [0, 1, 3, 11] {
            let text = Array2::from_shape_simple_fn([tokens, WIDTH], &mut random);
            let keep = Array1::from_shape_simple_fn(2 * WIDTH, || random().abs());
            let told = |dense: &Dense, text: &Array2<f32>| {
                let out = dense.read(text.clone(), Some(&keep)).out;
                0.5 * out[0] - 2.0 * out[1]
            };
            let mut moved = Dense::zero();
            let sight = dense.read(text.clone(), Some(&keep));
            let back = dense.back(&sight, [0.5, -2.0], Some(&keep), &mut moved);
            let near = |slope: f32, told: [f32; 2], what: &str| {
                let measured = (told[1] - told[0]) / 0.01;
                assert!(
                    (slope - measured).abs() < 0.02 + 0.05 * slope.abs(),
                    "{tokens} {what}: {slope}, {measured}"
                );
            };
            for at in (0..tokens * WIDTH).step_by(37) {
                let moved = |by: f32| {
                    let mut text = text.clone();
                    text[[at / WIDTH, at % WIDTH]] += by;
                    told(&dense, &text)
                };
                near(back[[at / WIDTH, at % WIDTH]], [moved(-0.005), moved(0.005)], "token");
            }
            for at in (0..dense.0.len()).step_by(997) {
                let shifted = |by: f32| {
                    let mut dense = dense.clone();
                    dense.0[at] += by;
                    told(&dense, &text)
                };
                near(moved.0[at], [shifted(-0.005), shifted(0.005)], "parameter");
            }
        }
    }

    #[test]
    fn the_order_of_tokens_matters() {
        let mut random = drawn();
        let dense = Dense::begin(&mut random);
        let mut text = Array2::from_shape_simple_fn([6, WIDTH], &mut random);
        let one = dense.read(text.clone(), None).out;
        text.invert_axis(Axis(0));
        assert_ne!(one, dense.read(text, None).out);
    }
}
