//! The size and place of the window: kept by the window-state plugin, and always on a screen that exists.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tauri::plugin::TauriPlugin;
use tauri::{LogicalSize, Manager, PhysicalPosition, PhysicalSize, WebviewWindow, Wry};
use tauri_plugin_window_state::{Builder, DEFAULT_FILENAME, StateFlags};

/// The X server refuses larger windows, and ends the program that asks for one.
const SIDE_MAX: i64 = 16_384;
const PLACE_MAX: i64 = 32_767;
/// When the window is looked at after it was shown: the window manager places it meanwhile.
const LOOKS: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(1_500)];
/// How far a window manager may push a window's borders over the edge.
const BORDER: i32 = 40;

/// Returns the plugin. A kept file that makes no sense is removed first.
pub(crate) fn plugin(config: Option<&Path>) -> TauriPlugin<Wry> {
    if let Some(file) = config.map(|config| config.join(DEFAULT_FILENAME))
        && let Ok(text) = fs::read_to_string(&file)
        && !makes_sense(&text)
    {
        tracing::warn!("the kept place of the window makes no sense and is forgotten");
        if let Err(error) = fs::remove_file(&file) {
            tracing::warn!(%error, "the kept place of the window can't be removed");
        }
    }
    Builder::new().with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED).build()
}

fn makes_sense(text: &str) -> bool {
    let Ok(serde_json::Value::Object(windows)) = serde_json::from_str(text) else { return false };
    let within = |value: &serde_json::Value, least: i64, most: i64| {
        value.as_i64().is_some_and(|value| (least..=most).contains(&value))
    };
    windows.values().all(|window| {
        ["width", "height"].iter().all(|side| within(&window[*side], 1, SIDE_MAX))
            && ["x", "y", "prev_x", "prev_y"].iter().all(|place| within(&window[*place], -PLACE_MAX, PLACE_MAX))
    })
}

/// Looks at the window after it was shown, and moves it onto a screen if a part of it can't be seen.
pub(crate) fn keep_visible(window: WebviewWindow) {
    tauri::async_runtime::spawn(async move {
        for look in LOOKS {
            tokio::time::sleep(look).await;
            if let Err(error) = correct(&window) {
                tracing::warn!(%error, "the place of the window is unknown");
            }
        }
    });
}

fn correct(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_minimized()? || window.is_maximized()? || window.is_fullscreen()? {
        return Ok(());
    }
    let screens = window.available_monitors()?;
    let screens: Vec<Area> =
        screens.iter().map(|screen| Area::new(screen.work_area().position, screen.work_area().size)).collect();
    let (outer, inner) = (window.outer_size()?, window.inner_size()?);
    let now = Area::new(window.outer_position()?, outer);
    let Some(visible) = now.brought_onto(&screens) else { return Ok(()) };
    tracing::info!(?now, ?visible, "the window is brought onto a screen");
    if visible.width < now.width || visible.height < now.height {
        // Without the title bar and the borders.
        let side = |visible: i32, outer: u32, inner: u32| {
            visible.unsigned_abs().saturating_sub(outer.saturating_sub(inner)).max(1)
        };
        let size = PhysicalSize::new(
            side(visible.width, outer.width, inner.width),
            side(visible.height, outer.height, inner.height),
        );
        window.set_min_size(Some(least_size(window, size)?))?;
        window.set_size(size)?;
    }
    window.set_position(PhysicalPosition::new(visible.x, visible.y))
}

/// Returns the designed minimum; where the screen has no room for it, as much as there is.
fn least_size(window: &WebviewWindow, room: PhysicalSize<u32>) -> tauri::Result<PhysicalSize<u32>> {
    let config = window.config();
    let designed = config.app.windows.first().and_then(|window| Some((window.min_width?, window.min_height?)));
    let Some((width, height)) = designed else { return Ok(room) };
    let designed = LogicalSize::new(width, height).to_physical::<u32>(window.scale_factor()?);
    Ok(PhysicalSize::new(designed.width.min(room.width), designed.height.min(room.height)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Area {
    fn new(position: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Self {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        Self { x: position.x, y: position.y, width: side(size.width), height: side(size.height) }
    }

    fn common(&self, other: &Self) -> i64 {
        let along = |a: i32, a_long: i32, b: i32, b_long: i32| {
            let (a, b) = (i64::from(a), i64::from(b));
            ((a + i64::from(a_long)).min(b + i64::from(b_long)) - a.max(b)).max(0)
        };
        along(self.x, self.width, other.x, other.width) * along(self.y, self.height, other.y, other.height)
    }

    fn area(&self) -> i64 {
        i64::from(self.width) * i64::from(self.height)
    }

    /// Returns where the window should be so that all of it can be seen; `None` if it can be seen already, also if it lies
    /// across screens, or if there is no screen.
    fn brought_onto(&self, screens: &[Self]) -> Option<Self> {
        let seen: i64 = screens.iter().map(|screen| self.common(screen)).sum();
        if seen > 0 && seen == self.area() {
            return None;
        }
        let screen = screens.iter().max_by_key(|screen| (self.common(screen), screen.area()))?;
        let fits = self.width <= screen.width && self.height <= screen.height;
        // A window manager may push a window's borders over the edge.
        let tolerated = i64::from(BORDER) * i64::from(self.width.max(self.height));
        if fits && seen > 0 && seen + tolerated >= self.area() {
            return None;
        }
        let (width, height) = (self.width.min(screen.width), self.height.min(screen.height));
        Some(Self {
            x: self.x.clamp(screen.x, screen.x + screen.width - width),
            y: self.y.clamp(screen.y, screen.y + screen.height - height),
            width,
            height,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Area = Area { x: 0, y: 0, width: 1_920, height: 1_080 };
    const RIGHT: Area = Area { x: 1_920, y: 0, width: 1_280, height: 1_024 };

    const fn window(x: i32, y: i32, width: i32, height: i32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_that_can_be_seen_stays_where_it_is() {
        for (area, screens) in [
            (window(100, 100, 1_280, 800), &[SCREEN][..]),
            (window(-4, 0, 1_280, 800), &[SCREEN]),
            (window(1_400, 50, 1_280, 800), &[SCREEN, RIGHT]),
        ] {
            assert_eq!(area.brought_onto(screens), None, "{area:?}");
        }
        assert_eq!(window(0, 0, 1_280, 800).brought_onto(&[]), None);
    }

    #[test]
    fn a_window_on_a_screen_that_is_gone_comes_back() {
        assert_eq!(window(2_000, 100, 1_280, 800).brought_onto(&[SCREEN]), Some(window(640, 100, 1_280, 800)));
        assert_eq!(window(-5_000, -90, 1_280, 800).brought_onto(&[SCREEN]), Some(window(0, 0, 1_280, 800)));
        assert_eq!(window(1_900, 1_060, 1_024, 700).brought_onto(&[SCREEN]), Some(window(896, 380, 1_024, 700)));
    }

    #[test]
    fn a_window_that_is_larger_than_the_screen_gets_its_size() {
        assert_eq!(window(0, 0, 3_840, 2_160).brought_onto(&[SCREEN]), Some(window(0, 0, 1_920, 1_080)));
        assert_eq!(window(50, 50, 1_024, 700).brought_onto(&[window(0, 0, 800, 600)]), Some(window(0, 0, 800, 600)));
    }

    #[test]
    fn a_window_that_is_only_a_little_larger_than_the_screen_gets_its_size_too() {
        let laptop = window(0, 0, 1_366, 768);
        assert_eq!(window(0, 0, 1_280, 800).brought_onto(&[laptop]), Some(window(0, 0, 1_280, 768)));
        assert_eq!(window(40, 30, 1_300, 828).brought_onto(&[laptop]), Some(window(40, 0, 1_300, 768)));
    }

    #[test]
    fn a_kept_file_that_is_broken_or_absurd_is_forgotten() {
        let kept = |width: i64, x: i64| {
            format!(
                r#"{{"main":{{"width":{width},"height":800,"x":{x},"y":0,"prev_x":0,"prev_y":0,"maximized":false}}}}"#
            )
        };
        assert!(makes_sense(&kept(1_280, -1_280)));
        for broken in
            ["", "{", "[]", "null", r#"{"main":{}}"#, &kept(0, 0), &kept(4_294_967_295, 0), &kept(1_280, 900_000)]
        {
            assert!(!makes_sense(broken), "{broken}");
        }
    }
}
