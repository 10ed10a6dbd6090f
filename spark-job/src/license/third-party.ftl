<#-- One line per library that the job needs at run time: coordinates, then its licences as its own pom states them. -->
<#list dependencyMap as entry>
${entry.getKey().groupId}:${entry.getKey().artifactId}:${entry.getKey().version} | <#list entry.getValue() as license>${license}<#sep> or </#list>
</#list>
