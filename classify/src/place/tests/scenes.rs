//! Made-up reports with the place that GUIDE.md gives them: `scenes.tsv`, judged before any of them was tried.

use super::*;

/// One line of `scenes.tsv`.
struct Scene {
    code: &'static str,
    post: Post,
}

fn scene(line: &'static str) -> Scene {
    let mut fields = line.split('\t');
    let (code, text) = (fields.next().unwrap(), fields.next().unwrap());
    let mut post = post(text);
    let mut author = Author::default();
    for field in fields {
        let (key, value) = field.split_once('=').unwrap();
        match key {
            "bio" => author.bio = Some(value.to_owned()),
            "name" => author.name = Some(value.to_owned()),
            "home" => post.source_region = Some(RegionCode::parse(value).unwrap()),
            "channel" => post.channel = Channel::parse(value).unwrap(),
            "geo" => {
                let (lat, lon) = value.split_once(' ').unwrap();
                post.geo = Some(Geo { lat: lat.parse().unwrap(), lon: lon.parse().unwrap() });
            }
            "quoted" => {
                let quoted_text = Some(value.to_owned());
                post.context = Some(stream::Context { quoted_text, ..stream::Context::default() });
            }
            other => panic!("scenes.tsv knows no field '{other}'"),
        }
    }
    post.author = (author != Author::default()).then_some(author);
    Scene { code, post }
}

#[test]
fn made_up_reports_are_placed_where_they_happen() {
    let lines = include_str!("scenes.tsv").lines().filter(|line| !line.starts_with('#'));
    let scenes: Vec<Scene> = lines.map(scene).collect();
    assert!(scenes.len() >= 150, "{} scenes", scenes.len());
    let wrong: Vec<String> = scenes
        .iter()
        .filter_map(|scene| {
            let got = found(&scene.post);
            let by = scene.post.author.as_ref().map(|author| (&author.name, &author.bio));
            (got != scene.code)
                .then(|| format!("{} {by:?}\n    expected {}, got {got}", scene.post.text, scene.code))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), scenes.len(), wrong.join("\n"));
}
