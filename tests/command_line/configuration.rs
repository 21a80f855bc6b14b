//! `check` of a configuration, a roster and a keeper's own names.

use super::{GOOD, folder, run, says};

#[test]
fn check_marks_every_fault_of_a_roster_and_counts_each_once() {
    let roster = "role,region,holder,stand_in,channel,address\nKADESS,62.10.02.1012,,,file,a\nBABINSA,99.99,,,file,b\n\
                  KESBANGPOL,62.10,,,wa,c\n";
    let folder = folder(&[
        ("roster.csv", roster),
        ("k.toml", "[alerts]\nroster = \"nihil.csv\"\n"),
        ("baik.toml", "[alerts]\nroster = \"roster.csv\"\n"),
    ]);
    let at = folder.path();
    let told = says(
        at,
        &["check", "--config", "baik.toml"],
        1,
        &[
            "roster.csv:2: role: ",
            "Maksudnya 'KADES'?",
            "Peran yang ada: ",
            "BABINSA",
            "MEJA",
            "roster.csv:4: channel: tidak ada saluran 'wa'. Saluran yang ada: file, webhook, email.",
            "3 kesalahan",
        ],
    );
    assert_eq!(told.matches("✗ ").count(), 3, "{told}");
    let told = says(at, &["check", "--config", "k.toml"], 1, &["alerts.roster", "tidak ada", "1 kesalahan"]);
    assert!(!told.contains("os error"), "{told}");
    says(
        at,
        &["check", "--roster", "nihil.csv"],
        1,
        &["nihil.csv: berkas atau folder tidak ada", "1 kesalahan"],
    );
    says(at, &["check"], 0, &["✓ contoh bawaan deploy/roster.example.csv"]);
    std::fs::write(
        at.join("surel.csv"),
        "role,region,holder,stand_in,channel,address\nKPU,62.10,,,email,kpu@rekaan.example\n",
    )
    .expect("a file");
    let noted = [
        "· surel.csv: memakai saluran email: untuk mengirim, berkas konfigurasi perlu bagian [alerts.email]",
    ];
    says(at, &["check", "--roster", "surel.csv"], 0, &noted);
    says(
        at,
        &["explain", "bakar kantor KPU Gunung Mas", "--config", "baik.toml"],
        1,
        &["roster.csv:2: role"],
    );
}

#[test]
fn what_a_configuration_names_and_is_not_on_the_disk_is_told_with_line_key_and_value() {
    let folder = folder(&[("berkas", ""), ("kunci.pem", "")]);
    let at = folder.path();
    let good = "[[sources]]\nkind = \"folder\"\nname = \"masuk\"\npath = \"masuk\"\ndone = \"selesai\"\n";
    std::fs::create_dir(at.join("masuk")).expect("a folder");
    std::fs::write(at.join("baik.toml"), good).expect("a file");
    says(at, &["check", "--config", "baik.toml"], 0, &["0 kesalahan"]);
    let text = "data = \"berkas\"\n\
                [bus]\nkind = \"kafka\"\nca_file = \"nihil.pem\"\ncert_file = \"masuk\"\nkey_file = \"kunci.pem\"\n\
                [alerts]\nroster = \"masuk\"\nfolder = \"kunci.pem/keluar\"\n\
                [alerts.webhook]\nsecret_file = \"rahasia\"\n\
                [alerts.email]\nhost = \"mail.example\"\nport = 25\nfrom = \"desk@mail.example\"\npassword_file = \"masuk\"\n\
                [[sources]]\nkind = \"folder\"\nname = \"satu\"\npath = \"masukk\"\n\
                [[sources]]\nname = \"dua\"\nkind = \"folder\"\npath = \"berkas\"\n";
    std::fs::write(at.join("k.toml"), text).expect("a file");
    let told = says(
        at,
        &["check", "--config", "k.toml"],
        1,
        &[
            "k.toml:1: data = \"berkas\": ini berkas, padahal seharusnya folder",
            "k.toml:4: bus.ca_file = \"nihil.pem\": berkas ini tidak ada",
            "k.toml:5: bus.cert_file = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:8: alerts.roster = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:9: alerts.folder = \"kunci.pem/keluar\": sebagian jalurnya berkas, bukan folder",
            "k.toml:11: alerts.webhook.secret_file = \"rahasia\": berkas ini tidak ada",
            "k.toml:16: alerts.email.password_file = \"masuk\": ini folder, padahal seharusnya berkas",
            "k.toml:20: sources.path = \"masukk\": folder ini tidak ada",
            "k.toml:24: sources.path = \"berkas\": ini berkas, padahal seharusnya folder",
            "9 kesalahan",
        ],
    );
    assert_eq!(told.matches("✗ ").count(), 9, "{told}");
    says(
        at,
        &["--lang", "en", "check", "--config", "k.toml"],
        1,
        &["k.toml:20: ", "there is no such folder"],
    );
}

#[test]
fn channels_that_cannot_be_set_up_are_told_by_check_before_serve_meets_them() {
    let roster = "role,region,holder,stand_in,channel,address\nKESBANGPOL,62.10,,,email,desk@mail.example\n";
    let folder = folder(&[("r.csv", roster), ("rahasia", "bukan")]);
    let at = folder.path();
    std::fs::write(at.join("a.toml"), "[alerts]\nroster = \"r.csv\"\n").expect("a file");
    let missing = "roster memakai saluran email, tetapi bagian [alerts.email] belum ada";
    says(at, &["check", "--config", "a.toml"], 1, &[missing, "1 kesalahan"]);
    let text = "[alerts]\nroster = \"r.csv\"\n[alerts.webhook]\nsecret_file = \"rahasia\"\n\
                [alerts.email]\nhost = \"mail.example\"\nport = 25\nfrom = \"bukan alamat\"\n";
    std::fs::write(at.join("b.toml"), text).expect("a file");
    let parts = [
        "b.toml:4: alerts.webhook.secret_file = \"rahasia\": isinya bukan rahasia Standard Webhooks",
        "b.toml:8: alerts.email.from = \"bukan alamat\": bukan alamat surel",
        "2 kesalahan",
    ];
    says(at, &["check", "--config", "b.toml"], 1, &parts);
}

#[test]
fn a_keepers_own_names_of_places_are_checked_and_read() {
    let folder = folder(&[("kabar.jsonl", GOOD)]);
    let at = folder.path();
    let regions = at.join("kamus/regions");
    std::fs::create_dir_all(&regions).expect("a folder");
    std::fs::write(regions.join("kami.toml"), "[alias]\n\"pojok kidul\" = \"35.19.99\"\n").expect("a file");
    let fault = "regions/kami.toml:2:1: 'pojok kidul': tidak ada wilayah dengan kode 35.19.99";
    says(at, &["check", "--lexicon", "kamus"], 1, &[fault, "1 kesalahan"]);
    let piped = run(at, &["check", "--lexicon", "kamus"]);
    let (listed, apart) = (String::from_utf8_lossy(&piped.stdout), String::from_utf8_lossy(&piped.stderr));
    assert!(listed.contains(fault) && listed.contains("1 kesalahan") && apart.is_empty(), "{listed}{apart}");
    let own =
        "[alias]\n\"pojok kidul\" = \"35.19.08.2011\"\n[area]\n\"35.19.16\" = { name = \"Caruban Anyar\" }\n";
    std::fs::write(regions.join("kami.toml"), own).expect("a file");
    says(at, &["check", "--lexicon", "kamus"], 0, &["0 kesalahan"]);
    let text = "Besok kita serbu kantor camat Caruban Anyar, bawa parang";
    says(at, &["explain", "--lexicon", "kamus", text], 0, &["35.19.16 Kec. Caruban Anyar, Kab. Madiun"]);
}

#[test]
fn an_area_that_only_a_keepers_folder_names_may_stand_in_accounts_imports_and_the_roster() {
    let roster =
        "role,region,holder,stand_in,channel,address\nMEJA,,,,file,meja\nCAMAT,35.19.16,,,file,camat\n";
    let folder = folder(&[("kabar.jsonl", GOOD), ("r.csv", roster)]);
    let at = folder.path();
    std::fs::create_dir_all(at.join("kamus/regions")).expect("a folder");
    let own = "[area]\n\"35.19.16\" = { name = \"Caruban Anyar\" }\n";
    std::fs::write(at.join("kamus/regions/kami.toml"), own).expect("a file");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound");
    let config = format!("listen = \"{address}\"\nlexicon = \"kamus\"\n[alerts]\nroster = \"r.csv\"\n");
    std::fs::write(at.join("k.toml"), config).expect("a file");
    let import = ["import", "--new", "--data", "d", "--region", "35.19.16", "kabar.jsonl"];
    says(at, &import, 1, &["'35.19.16'"]);
    says(at, &[&import[..], &["--config", "k.toml"]].concat(), 0, &["1 unggahan masuk"]);
    let add = ["reporter", "add", "caruban-1", "--region", "35.19.16", "--data", "d", "--config", "k.toml"];
    says(at, &add, 0, &["/lapangan/"]);
    // The roster is looked at first, then the address.
    let told = says(at, &["serve", "--data", "d", "--config", "k.toml"], 1, &["sudah dipakai"]);
    assert!(!told.contains("35.19.16"), "{told}");
}
