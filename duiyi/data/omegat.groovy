/* :name = duiyi :description = Terms and earlier translations for the current segment, from `duiyi serve`
 *
 * In OmegaT: Tools > Scripting, choose this file's folder with File > Set Scripts Folder, then run "duiyi"; give it a
 * key with one of the buttons below the script. What is selected in the editor is asked about, else the segment.
 */
def place = new File(System.getenv("DUIYI_SERVICE") ?: '@ADDRESS@')
def headless = java.awt.GraphicsEnvironment.isHeadless()
def say = { String text ->
    if (binding.hasVariable("console")) console.println(text) else System.out.println(text)
    text
}
if (!place.isFile())
    return say("duiyi: the service is not running; start it with: duiyi serve --in \"${place.parentFile.parent}\"")

def texts = headless ? project.allEntries*.srcText : [editor.selectedText ?: editor.currentEntry.srcText]
def answers = texts.collect { text ->
    def question = new URL(place.getText("UTF-8").trim() + "prompt_for?text=" + URLEncoder.encode(text, "UTF-8"))
    def connection = question.openConnection()
    connection.connectTimeout = 2000
    connection.readTimeout = 5000
    try {
        def found = new groovy.json.JsonSlurper().parseText(connection.inputStream.getText("UTF-8"))
        found.prompt ?: "duiyi: nothing is known about: ${text}"
    } catch (IOException error) {
        "duiyi: ${error.message}"
    }
}
say(answers.join("\n"))
