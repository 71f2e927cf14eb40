"""Drives JupyterLab in a browser without a window, with the kernel of nbs, and keeps a picture of each step.

    apt-get install -y chromium chromium-driver
    .venv/bin/pip install jupyterlab selenium ./editors/jupyter
    nbs kernel install --sys-prefix
    .venv/bin/python Tests/JupyterTests/clients/lab.py PICTURES

PICTURES is a folder for the pictures, to be looked at.
"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import nbformat
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CELLS = [
    "data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }\nnet solver loss=mse rate=0.3\n"
    "layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid\nconnect inp -> hid -> out",
    "train xor epochs=20_000 batch=1 until loss<0.001  # learns XOR",
    "plot loss",
    "summary layers",
    'print "text", sqrt(2)\nactivate [0, 1]',
]


class Lab:
    """JupyterLab and a browser that shows it."""

    def __init__(self, folder, pictures):
        self.folder, self.pictures, self.count = folder, pictures, 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(folder / "server.log", "w")
        settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={self.port}",
             "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
             "--LabApp.news_url=", "--LabApp.expose_app_in_browser=True",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            stdout=self.log, stderr=self.log, env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")})
        options = webdriver.ChromeOptions()
        for word in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1600"]:
            options.add_argument(word)
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))

    def close(self):
        self.driver.quit()
        self.server.terminate()
        self.server.wait(10)

    def step(self, words):
        """Keeps a picture of how the page looks."""
        self.count += 1
        if self.count > 7:
            self.driver.execute_script(
                "document.querySelector('.jp-Notebook .jp-Cell.jp-mod-active')?.scrollIntoView({block: 'end'});")
            time.sleep(0.3)
        name = f"{self.count:02}-{words.replace(' ', '-')}.png"
        self.driver.save_screenshot(str(self.pictures / name))
        print(f"{self.count:2}. {words}", flush=True)

    def wait(self, condition, what, seconds=20):
        try:
            return WebDriverWait(
                self.driver, seconds, poll_frequency=0.1, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: condition())
        except Exception:
            self.step("failed")
            raise AssertionError(f"{what}\n{self.notebook_text()}") from None

    def open(self, name):
        self.driver.get(f"http://127.0.0.1:{self.port}/lab/tree/{name}?reset")
        self.wait(lambda: self.driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell"), "no notebook")
        self.wait(lambda: self.status() == "Idle", "the kernel is not idle", 30)

    def status(self):
        found = self.driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook-ExecutionIndicator")
        return (found[0].get_attribute("data-status") or "").capitalize() if found else ""

    def run_command(self, command):
        """A command of JupyterLab, as its menus run it."""
        self.driver.execute_async_script(
            "const done = arguments[1]; jupyterapp.commands.execute(arguments[0]).then(() => done(), () => done());", command)

    def start_command(self, command):
        self.driver.execute_script("jupyterapp.commands.execute(arguments[0]);", command)

    def notebook_text(self):
        found = self.driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook")
        return found[0].text if found else "no notebook"

    def outputs(self, selector=""):
        return self.driver.find_elements(By.CSS_SELECTOR, f".jp-Notebook .jp-OutputArea-output{selector}")

    def last_cell(self):
        return self.driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell")[-1]

    def type(self, text):
        """Types into a new cell at the end; brackets that the editor closes by itself are typed over."""
        self.run_command("notebook:move-cursor-down")
        self.driver.execute_script(
            "const n = jupyterapp.shell.currentWidget.content; n.activeCellIndex = n.widgets.length - 1; n.mode = 'command';")
        self.run_command("notebook:insert-cell-below")
        self.run_command("notebook:enter-edit-mode")
        editor = self.last_cell().find_element(By.CSS_SELECTOR, ".cm-content")
        editor.click()
        editor.send_keys(text)
        return editor

    def run_last(self, text):
        self.type(text).send_keys(Keys.CONTROL, Keys.ENTER)


def walk(lab):
    def text():
        return lab.notebook_text()

    lab.open("xor.ipynb")
    coloured = lambda: lab.driver.find_elements(By.CSS_SELECTOR, ".jp-CodeCell .cm-content .cm-line span")
    lab.wait(lambda: len(coloured()) > 20, "cells are not coloured")
    lab.step("a notebook is opened, its cells coloured")

    lab.run_command("notebook:run-all-cells")
    lab.wait(lambda: "stopped after" in text() and "[5]:" in text(), "the cells did not run")
    assert lab.outputs(" svg.nbs-plot"), "no plot is drawn"
    assert lab.outputs(" table"), "no table is shown"
    cells = lab.driver.find_elements(By.CSS_SELECTOR, ".jp-Notebook .nbs-table td")
    assert {cell.value_of_css_property("text-align") for cell in cells} == {"left", "right"}, "columns are not set"
    lab.step("all cells ran")

    lab.driver.execute_script("arguments[0].scrollIntoView();", lab.outputs(" svg.nbs-plot")[0])
    light = lab.driver.execute_script(
        "return getComputedStyle(document.querySelector('svg.nbs-plot')).getPropertyValue('--ink')")
    lab.step("a plot in the light")
    lab.driver.execute_async_script(
        "const done = arguments[0]; jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'}).then(() => setTimeout(done, 1500));")
    dark = lab.driver.execute_script(
        "return getComputedStyle(document.querySelector('svg.nbs-plot')).getPropertyValue('--ink')")
    assert light != dark, "the plot does not follow the page's theme"
    lab.step("the same plot in the dark")
    lab.driver.execute_async_script(
        "const done = arguments[0]; jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'}).then(() => setTimeout(done, 1500));")

    for start, word, words in [
        ("plot boun", "boundary", "Tab completes a plot"), ("train xor epo", "epochs=", "Tab completes an option"),
    ]:
        editor = lab.type(start)
        editor.send_keys(Keys.TAB)
        lab.wait(lambda: word in [item.text for item in lab.driver.find_elements(By.CSS_SELECTOR, ".jp-Completer-match")]
                 or word in lab.last_cell().text, "Tab offers nothing")
        lab.step(words)
        if word not in lab.last_cell().text:
            editor.send_keys(Keys.ENTER)
        lab.wait(lambda: word in lab.last_cell().text, "Tab completes nothing")

    lab.type("train").send_keys(Keys.SHIFT, Keys.TAB)
    lab.wait(lambda: lab.driver.find_elements(By.CSS_SELECTOR, ".jp-Tooltip table"), "Shift-Tab explains nothing")
    lab.step("Shift-Tab explains a command")
    lab.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)

    lab.run_last("train xor epoch=5")
    lab.wait(lambda: "UNKNOWN OPTION" in text() and "^^^^^" in text(), "no error is shown")
    lab.step("an error with its caret")

    lab.run_last("train xor epochs=1_000_000_000")
    lab.wait(lambda: "train xor  epoch" in text() and "epochs/s" in text(), "no progress is shown")
    lab.step("a training in progress")

    lab.start_command("notebook:interrupt-kernel")
    lab.wait(lambda: "interrupted at epoch" in text() and lab.status() == "Idle", "the training was not interrupted")
    assert "epochs/s" not in text(), "the line of progress is still there"
    lab.step("the training is interrupted")

    for cell in ["a = 1", "b = 2 * a", "a = 5"]:
        lab.run_last(cell)
    lab.wait(lambda: "stale: In [9], since In [10] changed a." in text(), "the stale cell is not told")
    lab.run_last("?activate")
    lab.wait(lambda: "computes the outputs" in text() or "ACTIVATE" in text().upper(), "the pager shows nothing")
    lab.step("help below a cell")

    lab.run_last("train xor epochs=2_000_000")
    time.sleep(0.5)
    lab.run_command("docmanager:save")
    lab.driver.get("about:blank")
    time.sleep(4)
    lab.step("the page is closed while a training runs")
    lab.open("xor.ipynb")
    lab.run_last(":replay")
    lab.wait(lambda: "2000000 epochs" in text().replace(",", "").replace("_", "") or "trained" in text(), "nothing is shown again")
    lab.step("what it showed meanwhile is shown again")

    lab.start_command("kernelmenu:restart")
    button = lab.wait(
        lambda: lab.driver.find_elements(By.CSS_SELECTOR, ".jp-Dialog .jp-mod-accept, .jp-Dialog .jp-mod-warn"), "no question")
    button[-1].click()
    time.sleep(1)
    lab.wait(lambda: lab.status() == "Idle", "the kernel did not restart")
    lab.run_last("activate [0, 1]")
    lab.wait(lambda: "NO NETWORK" in text(), "the session is not a new one")
    lab.step("after a restart the session is empty")


def main():
    pictures = pathlib.Path(sys.argv[1]).resolve()
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS],
            metadata={"kernelspec": {"name": "nbs", "display_name": "nbs", "language": "nbs"}})
        nbformat.write(notebook, folder / "xor.ipynb")
        lab = Lab(folder, pictures)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", lab.port)) == 0:
                        break
                time.sleep(0.2)
            walk(lab)
        except Exception:
            lab.log.flush()
            print((folder / "server.log").read_text()[-3000:])
            raise
        finally:
            lab.close()


if __name__ == "__main__":
    main()
