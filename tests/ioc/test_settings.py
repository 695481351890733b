"""Settings: where a value comes from, and what a wrong one is answered with."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ioc.errors import SettingsError
from ioc.settings import SETTINGS, Settings, load

KEY = "a-key-of-my-own-0123456789-abcdefgh"


def given(tmp_path: Path, **variables: str) -> Settings:
    return load({"IOC_SECRET_KEY": KEY, **variables}, folder=tmp_path)


def refused(tmp_path: Path, **variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        given(tmp_path, **variables)
    return str(caught.value)


def home_file(tmp_path: Path, text: str) -> Path:
    home = tmp_path / "var" / "home"
    home.mkdir(parents=True)
    (home / "ioc.toml").write_text(text, encoding="utf-8")
    return home


def test_without_anything_one_machine_serves_itself(tmp_path: Path) -> None:
    settings = given(tmp_path)
    home = tmp_path / "var" / "home"
    assert settings == Settings(home=home, secret_key=KEY)
    assert settings.database_url == f"sqlite:///{home}/ioc.sqlite"
    assert settings.address == settings.public_address == "http://127.0.0.1:8050/"
    assert settings.demo
    assert settings.language == "vi"


def test_every_row_of_the_table_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    values = {
        "home": str(tmp_path / "elsewhere"),
        "database_url": "postgresql://me:word@db/ioc",
        "host": "127.0.0.1",
        "port": "9000",
        "public_address": "https://IOC.example.gov.vn",
        "demo": "false",
        "demo_port": "9001",
        "secret_key": KEY + "!",
        "secret_key_file": "key",
        "allow_hosts": "10.0.0.7, Data.gov.vn:8443",
        "poll_workers": "3",
        "export_workers": "2",
        "export_queue": "50",
        "export_per_user": "5",
        "export_seconds": "30",
        "export_memory_mb": "800",
        "chromium": "/usr/bin/chromium",
        "export_keep_days": "90",
        "smtp_host": "mail.example.gov.vn",
        "smtp_port": "465",
        "smtp_security": "tls",
        "smtp_user": "ioc",
        "smtp_password_file": "/run/secrets/smtp",
        "smtp_from": "ioc@example.gov.vn",
        "mail_domains": "Example.gov.vn, khac.vn",
        "mail_megabytes": "5",
        "language": "en",
        "title": "Tỉnh Thanh Hóa",
    }
    assert {row.name for row in SETTINGS} == set(values)
    settings = load({f"IOC_{name.upper()}": value for name, value in values.items()})
    assert settings == Settings(
        home=tmp_path / "elsewhere",
        database_url="postgresql+psycopg://me:word@db/ioc",
        port=9000,
        public_address="https://IOC.example.gov.vn/",
        demo=False,
        demo_port=9001,
        secret_key=KEY + "!",
        allow_hosts=("10.0.0.7", "data.gov.vn:8443"),
        poll_workers=3,
        export_workers=2,
        export_queue=50,
        export_per_user=5,
        export_seconds=30,
        export_memory_mb=800,
        chromium="/usr/bin/chromium",
        export_keep_days=90,
        smtp_host="mail.example.gov.vn",
        smtp_port=465,
        smtp_security="tls",
        smtp_user="ioc",
        smtp_password_file="/run/secrets/smtp",
        smtp_from="ioc@example.gov.vn",
        mail_domains=("example.gov.vn", "khac.vn"),
        mail_megabytes=5,
        language="en",
        title="Tỉnh Thanh Hóa",
    )


def test_the_environment_beats_the_file_and_the_file_the_default(tmp_path: Path) -> None:
    home_file(tmp_path, 'port = 8060\ndemo = false\nallow_hosts = ["10.0.0.7"]\n')
    settings = given(tmp_path, IOC_PORT="8070")
    assert (settings.port, settings.demo, settings.language) == (8070, False, "vi")
    assert settings.allow_hosts == ("10.0.0.7",)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "192.168.1.4", "127.0.0.2"])
def test_any_other_address_is_refused_with_the_reason(tmp_path: Path, host: str) -> None:
    said = refused(tmp_path, IOC_HOST=host)
    assert said.startswith(f"environment: IOC_HOST: given '{host}', allowed: 127.0.0.1 only: ")
    assert "no log-in yet" in said


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("IOC_PORT", "0", "1 to 65535"),
        ("IOC_PORT", "http", "1 to 65535"),
        ("IOC_DEMO_PORT", "70000", "1 to 65535"),
        ("IOC_DEMO", "perhaps", "true or false"),
        ("IOC_POLL_WORKERS", "0", "1 to 32"),
        ("IOC_EXPORT_WORKERS", "9", "0 to 8"),
        ("IOC_PUBLIC_ADDRESS", "ioc.example", "http://… or https://…"),
        ("IOC_PUBLIC_ADDRESS", "http://ioc.example/?q=1", "http://… or https://…"),
        ("IOC_EXPORT_KEEP_DAYS", "-1", "0 to 36500"),
        ("IOC_LANGUAGE", "fr", "vi or en"),
        ("IOC_DATABASE_URL", "mysql://x/y", "sqlite:///<file> or postgresql://"),
        ("IOC_DATABASE_URL", "sqlite:", "sqlite:///<file> or postgresql://"),
    ],
)
def test_a_wrong_value_names_variable_given_and_allowed(
    tmp_path: Path, variable: str, value: str, allowed: str
) -> None:
    said = refused(tmp_path, **{variable: value})
    assert said.startswith(f"environment: {variable}: given '{value}', allowed: {allowed}")


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    home = home_file(tmp_path, "port = true\n")
    assert refused(tmp_path) == f"{home}/ioc.toml: port: given 'true', allowed: 1 to 65535"


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    home_file(tmp_path, "prot = 8060\n")
    assert "prot: given 8060, allowed: database_url, host, port" in refused(tmp_path)


def test_a_secret_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    home_file(tmp_path, f'secret_key = "{KEY}"\n')
    said = refused(tmp_path)
    assert "no secret in this file" in said
    assert KEY not in said


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    home_file(tmp_path, "port: 8060\n")
    assert "allowed: TOML in UTF-8" in refused(tmp_path)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    settings = given(tmp_path, IOC_DATABASE_URL="postgresql://me:wo@rd:1@db:5432/ioc")
    assert settings.shown_database == "postgresql+psycopg://me:***@db:5432/ioc"
    assert "wo@rd" not in repr(settings)
    assert KEY not in repr(settings)
    assert "hunter" not in refused(tmp_path, IOC_DATABASE_URL="oracle://me:hunter@db/ioc")


def test_what_another_process_is_told_holds_no_secret(tmp_path: Path) -> None:
    settings = given(tmp_path, IOC_DEMO_PORT="9001", IOC_DATABASE_URL="postgresql://me:word@db/x")
    told = settings.environment()
    assert told["IOC_DEMO_PORT"] == "9001"
    assert KEY not in str(told)
    assert "word" not in str(told)
    assert given(tmp_path / "other", **told) == Settings(
        home=settings.home, secret_key=KEY, demo_port=9001
    )


def test_the_published_host_is_known(tmp_path: Path) -> None:
    published = given(tmp_path, IOC_PUBLIC_ADDRESS="https://IOC.example.gov.vn:444/ioc")
    assert (published.public_address, published.public_host) == (
        "https://IOC.example.gov.vn:444/ioc/",
        "ioc.example.gov.vn",
    )


def test_the_demonstration_is_reachable_only_while_it_runs(tmp_path: Path) -> None:
    assert given(tmp_path, IOC_ALLOW_HOSTS="10.0.0.7").reachable_hosts == (
        "10.0.0.7",
        "127.0.0.1:8051",
    )
    assert given(tmp_path, IOC_DEMO="no").reachable_hosts == ()


# --- the secret key ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sample",
    [
        "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
        "thisISaSECRET_1234thisISaSECRET_1234",
        "c292a0a3aa32397cdb050e233733900f",
        "x" * 64,
        "abcabcabc" * 6,
    ],
)
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, sample: str) -> None:
    said = refused(tmp_path, IOC_SECRET_KEY=sample)
    assert "IOC_SECRET_KEY: given 'a key that can be guessed'" in said
    assert sample not in said


def test_a_short_key_is_refused_with_its_length(tmp_path: Path) -> None:
    said = refused(tmp_path, IOC_SECRET_KEY="Zx81-Zx82-Zx83-Zx84")
    assert "given '19 bytes', allowed: at least 32 bytes" in said


def test_the_key_can_come_from_a_mounted_file(tmp_path: Path) -> None:
    (tmp_path / "mounted").write_text(KEY + "\n")
    assert load({"IOC_SECRET_KEY_FILE": "mounted"}, folder=tmp_path).secret_key == KEY


def test_a_mounted_file_that_is_missing_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="allowed: a file that can be read"):
        load({"IOC_SECRET_KEY_FILE": "missing"}, folder=tmp_path)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = load({}, folder=tmp_path)
    file = tmp_path / "var" / "home" / "secret.key"
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load({}, folder=tmp_path).secret_key == first.secret_key == file.read_text()
    assert [one.name for one in file.parent.iterdir()] == ["secret.key"]
    assert load({}, folder=tmp_path / "other").secret_key != first.secret_key


def test_nothing_is_made_when_only_looking(tmp_path: Path) -> None:
    assert load({}, folder=tmp_path, make_key=False).secret_key == ""
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"IOC_HOME: given .*allowed: a folder that can be"):
        load({"IOC_HOME": "file/home"}, folder=tmp_path)
